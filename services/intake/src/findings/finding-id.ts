import { createHash } from 'node:crypto';
import { findFindingKind } from '@fangpin/contracts';
import type { Sending, SentFinding } from './finding.js';

/**
 * What makes two statements one finding: who sends (the department, and the area of its account), person or household, kind and
 * period. A UUID of version 8 (RFC 9562), and the finding's id too, except of those stored before areas counted (0006).
 */
export function identityOf({ department, area }: Pick<Sending, 'department' | 'area'>, sent: SentFinding): string {
  const { named, facts } = sent;
  const who = 'idHash' in named ? `person ${named.idHash}` : `household ${named.householdId}`;
  const words = [department, `area ${area.lo} ${area.hi}`, who, findFindingKind(facts.kind)?.key, facts.period];
  const bytes = createHash('sha256').update(words.join('\n')).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
