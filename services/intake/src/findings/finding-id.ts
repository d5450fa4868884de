import { createHash } from 'node:crypto';
import { findFindingKind } from '@fangpin/contracts';
import type { SentFinding } from './finding.js';

/** The finding's id is its identity: department, person or household, kind and period; what is sent again finds it by that. */
export function findingIdOf(department: string, { named, facts }: SentFinding): string {
  const who = 'idHash' in named ? `person ${named.idHash}` : `household ${named.householdId}`;
  const identity = [department, who, findFindingKind(facts.kind)?.key, facts.period].join('\n');
  const bytes = createHash('sha256').update(identity).digest().subarray(0, 16);
  // A UUID of version 8, RFC 9562.
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
