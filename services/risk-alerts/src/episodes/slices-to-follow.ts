/** Slices whose alerts no episode has taken up yet, and their revisions by pages of whole households. */
import type { Cause } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';

export interface SliceToFollow {
  slice_no: number;
  /** One for a slice of a fan-out; of findings, one for each. */
  origins: number[];
  alerted: number;
  stored_at: Date;
  /** Whether it names its households. */
  by_household: boolean;
  [column: string]: unknown;
}

export interface RevisionRow {
  household_id: number;
  origin: number;
  revision: number;
  duty_code: number;
  slice_no: number;
  state: number;
  severity: number;
  [column: string]: unknown;
}

/** Slices that are looked at in one go. */
export const MOST_SLICES = 1_000;

export function waitingSlices(tx: Tx): Promise<SliceToFollow[]> {
  return tx.query<SliceToFollow>(
    `SELECT slice_no, coalesce(origins, ARRAY[origin]) AS origins, coalesce(alerted, 0) AS alerted, stored_at,
       household_ids IS NOT NULL AS by_household
     FROM slices
     WHERE followed_at IS NULL AND stored_at IS NOT NULL ORDER BY slice_no LIMIT ${MOST_SLICES}`,
  );
}

/** A large slice with the others of its origin, since one pass over the origin finds them all; else small ones up to a page. */
export function groupOf<T extends { readonly origins: readonly number[]; readonly alerted: number }>(
  slices: readonly T[],
  page: number,
): T[] {
  const [first] = slices;
  if (first === undefined) return [];
  const [origin] = first.origins;
  if (first.alerted >= page && first.origins.length === 1)
    return slices.filter(({ origins }) => origins.length === 1 && origins[0] === origin);
  const group: T[] = [];
  let sum = 0;
  for (const slice of slices) {
    sum += slice.alerted;
    if (group.length > 0 && sum >= page) break;
    group.push(slice);
  }
  return group;
}

/** A page of whole households; larger than asked for where one household fills it. */
export async function pageAfter(
  tx: Tx,
  slices: readonly SliceToFollow[],
  after: number,
  size: number,
): Promise<HouseholdPage<RevisionRow>> {
  for (let most = size; ; most *= 2) {
    const whole = wholeHouseholds(await revisionsOf(tx, slices, after, most), most);
    if (whole !== undefined) return whole;
  }
}

const REVISION = 'a.household_id, a.origin, a.revision, a.duty_code, a.slice_no, a.state, a.severity';
// Each by its key, whatever the planner makes of a table just filled: its origin may have alerted a million others.
const BY_HOUSEHOLD = `
  SELECT a.* FROM slices s CROSS JOIN LATERAL unnest(s.household_ids) AS told (household_id) CROSS JOIN LATERAL (
    SELECT ${REVISION} FROM alerts a
    WHERE a.origin = s.origin AND a.household_id = told.household_id AND a.slice_no = s.slice_no OFFSET 0) AS a
  WHERE s.slice_no = ANY($4::bigint[]) AND told.household_id > $3`;

async function revisionsOf(
  tx: Tx,
  slices: readonly SliceToFollow[],
  after: number,
  most: number,
): Promise<RevisionRow[]> {
  const origins = originsOf(slices);
  const order = `ORDER BY household_id, revision LIMIT ${most}`;
  // One origin is read along its key, where a large slice is among its slices; many are few rows each. Nothing is known of a table just
  // filled, and row-level security hides the rest: left to itself the planner reads and sorts all that ever was alerted, for each page.
  if (origins.length === 1 && slices.some(({ by_household }) => !by_household)) {
    await tx.query('SET LOCAL enable_sort = off');
    const rows = await tx.query<RevisionRow>(
      `SELECT ${REVISION} FROM alerts a WHERE origin = $1 AND slice_no = ANY($2::bigint[]) AND household_id > $3 ${order}`,
      [origins[0], arrayLiteral(numbersOf(slices)), after],
    );
    await tx.query('SET LOCAL enable_sort = on');
    return rows;
  }
  const others = slices.filter(({ by_household }) => !by_household);
  return tx.query<RevisionRow>(
    `SELECT ${REVISION} FROM alerts a
     WHERE a.origin = ANY($1::bigint[]) AND a.slice_no = ANY($2::bigint[]) AND a.household_id > $3
     UNION ALL ${BY_HOUSEHOLD} ${order}`,
    [
      arrayLiteral(originsOf(others)),
      arrayLiteral(numbersOf(others)),
      after,
      arrayLiteral(numbersOf(slices.filter(({ by_household }) => by_household))),
    ],
  );
}

function numbersOf(slices: readonly SliceToFollow[]): number[] {
  return slices.map(({ slice_no }) => slice_no);
}

interface HouseholdPage<T> {
  readonly rows: readonly T[];
  /** The household to go on after; absent on the last page. */
  readonly last?: number;
}

/** A full page may have been cut within a household: that one comes with the next page. Undefined where it is all of one household. */
export function wholeHouseholds<T extends { readonly household_id: number }>(
  rows: readonly T[],
  most: number,
): HouseholdPage<T> | undefined {
  if (rows.length < most) return { rows };
  const cut = rows.at(-1)?.household_id;
  const whole = rows.filter((row) => row.household_id !== cut);
  const last = whole.at(-1)?.household_id;
  return last === undefined ? undefined : { rows: whole, last };
}

function originsOf(slices: readonly SliceToFollow[]): number[] {
  return [...new Set(slices.flatMap(({ origins }) => origins))];
}

export async function causesOf(tx: Tx, slices: readonly SliceToFollow[]): Promise<Map<number, Cause>> {
  const rows = await tx.query<{ origin: number; cause: Cause }>(
    'SELECT origin, cause FROM origins WHERE origin = ANY($1::bigint[])',
    [arrayLiteral(originsOf(slices))],
  );
  return new Map(rows.map(({ origin, cause }) => [origin, cause]));
}
