/** Findings that an application is about: of its days, kinds and area, judged by another version, and not taken back by their department. */
import { dutyRange, type RegionCode } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { heldFindings, type HeldFinding } from '../findings/finding-rows.js';

export interface FindingApplication {
  /** First and last day on which what was found happened. */
  readonly since: string;
  readonly until: string;
  /** Null: all kinds. */
  readonly kinds: readonly string[] | null;
  readonly region: RegionCode;
  readonly toVersion: string;
}

export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const CONCERNED = `f.duty_code >= $1 AND f.duty_code < $2 AND f.occurred_on BETWEEN $3 AND $4 AND ($5::text[] IS NULL OR f.kind = ANY($5))
   AND f.policy_version <> $6 AND f.outcome <> 'withdrawn' AND f.finding_id > $7 ORDER BY f.finding_id`;

function valuesOf({ since, until, kinds, region, toVersion }: FindingApplication, after: string): readonly unknown[] {
  const { lo, hi } = dutyRange(region);
  return [lo, hi, since, until, kinds, toVersion, after];
}

/** The next ones by id; `lock` holds them until the transaction ends. */
export function concernedFindings(
  tx: Tx,
  application: FindingApplication,
  { after, most, lock }: { readonly after: string; readonly most: number; readonly lock: boolean },
): Promise<HeldFinding[]> {
  return heldFindings(tx, `${CONCERNED} LIMIT ${most} ${lock ? 'FOR UPDATE' : ''}`, valuesOf(application, after));
}

/** The id of the next one, whatever is kept of it. */
export async function nextConcerned(
  tx: Tx,
  application: FindingApplication,
  after: string,
): Promise<string | undefined> {
  const [row] = await tx.query<{ finding_id: string }>(
    `SELECT finding_id FROM findings f WHERE ${CONCERNED} LIMIT 1`,
    valuesOf(application, after),
  );
  return row?.finding_id;
}
