/** Names under which a warning read from words meets what other notices and other feeds say of it. */
import type { RegionCode } from '@fangpin/domain-kit';
import { boundedKey } from '../intake/received.js';
import { cmaAlias, warningAlias } from '../shocks/warning-alias.js';
import { isNationalNumber } from './issuing-area.js';
import type { UsableWarning } from './judge-read-warning.rule.js';

/**
 * What texts call the warning that an office issued at a minute: the warning itself by its issue, its lifting by the issue
 * that it names. Nothing where the minute or the level is not known for sure.
 */
export function textName({
  type,
  issuer,
  kind,
  level,
  sent,
  sentAssumed,
  liftedIssue,
}: UsableWarning): string | undefined {
  const issued = type === 'lift' ? liftedIssue : sentAssumed ? undefined : sent;
  if (issuer === undefined || issued === undefined || level === 0) return undefined;
  return boundedKey(`text-${warningAlias({ region: issuer, kind, level, issued })}`);
}

/** `alone`: the notice holds no other warning, so that its number is this warning's. */
export function aliasesOf(warning: UsableWarning, id: string, alone: boolean): string[] {
  const { type, issuer, regions, kind, level, sent, sentAssumed, liftedIssue } = warning;
  const national = alone && type !== 'lift' && isNationalNumber(id) ? [cmaAlias(id)] : [];
  const issued = type === 'lift' ? liftedIssue : sentAssumed ? undefined : sent;
  if (issued === undefined || level === 0) return national;
  // Feeds by code give the issuer's area where the words are finer.
  const areas = new Set<RegionCode>([
    ...(issuer === undefined ? [] : [issuer]),
    ...(regions.length === 1 ? regions : []),
  ]);
  return [...national, ...[...areas].map((region) => warningAlias({ region, kind, level, issued }))];
}
