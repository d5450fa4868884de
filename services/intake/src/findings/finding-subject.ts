/** What a finding is about and whose it is, whoever says it and in whichever period: so that what was looked at once is known when it is told again. */
import { findFindingKind } from '@fangpin/contracts';
import { originOf } from '@fangpin/domain-kit';
import type { FindingFacts, Named } from './finding.js';

/**
 * The subject of a finding as its event tells it (Finding.subject): one number below 2^52 of the kind and the person, of an event also its day; of the
 * house or the water the kind alone, for subjects are compared within one household. Of a person only the keyed hash goes in: nobody who lacks
 * the key can tell from the number whom it is of.
 */
export function subjectOf(named: Named, { kind: code, period }: Pick<FindingFacts, 'kind' | 'period'>): number {
  const kind = findFindingKind(code);
  if (kind === undefined) throw new RangeError(`no kind of finding has the code ${code}`);
  if (kind.about === 'home') return originOf(kind.key, 'subject');
  const who = 'idHash' in named ? `person ${named.idHash}` : `household ${named.householdId}`;
  return originOf(kind.about === 'event' ? `${kind.key} ${who} ${period}` : `${kind.key} ${who}`, 'subject');
}

/**
 * Whose a finding is, as its event tells it (Finding.person): one number below 2^52 of the person within the household, the same whatever kind and
 * whoever says it, so that one hospital bill or one wage is not counted twice; 0 where a household was named. Only the keyed hash goes in.
 */
export function personOf(named: Named, householdId: number): number {
  return 'idHash' in named ? originOf(`${named.idHash} of ${householdId}`, 'person') : 0;
}
