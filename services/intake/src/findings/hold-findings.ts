import type { Tx } from '@fangpin/persistence';
import { candidateOf, lookedFor, matcher, type Asked, type CandidateRow } from '../people/find-households.js';
import type { Finding, Match, Named } from './finding.js';
import { findingOf, type FindingRow } from './finding-rows.js';

export interface HeldFindings {
  /** Those that there are, by identity. */
  readonly findings: ReadonlyMap<string, Finding>;
  /** Where a person or household lives, of those named. */
  readonly match: (asked: Asked) => Match;
}

type HeldRow = { [Column in keyof FindingRow]: FindingRow[Column] | null } & {
  [Column in keyof CandidateRow]: CandidateRow[Column] | null;
};

/**
 * Keeps others off these findings, new ones too, and off who is known of the people and households named, until the transaction
 * ends; answers both as they are then. One statement (0007), which must come before any other lock of the transaction.
 */
export async function holdFindings(
  tx: Tx,
  identities: readonly string[],
  named: readonly Named[],
): Promise<HeldFindings> {
  const { hashes, householdIds } = lookedFor(named);
  const rows = await tx.query<HeldRow>(
    `SELECT (held).*, person, lives_in, at_duty_code, is_main_earner FROM hold_findings($1::uuid[], $2::bytea[], $3::bigint[])`,
    [identities, hashes, householdIds],
  );
  const isFinding = (row: HeldRow): boolean => row.finding_id !== null;
  const findings = rows.filter(isFinding).map((row) => findingOf(row as FindingRow));
  const candidates = rows.filter((row) => !isFinding(row)).map((row) => candidateOf(row as CandidateRow));
  return { findings: new Map(findings.map((finding) => [finding.identity, finding])), match: matcher(candidates) };
}
