/** Households with a loss but no alert: kept by id with the reason, one row a township, so that the ledger counts ids. */
import type { Tx } from '@fangpin/persistence';
import type { WithheldReason } from '../loss/household.js';
import { TOWNSHIP_SPAN, townshipOf } from './township.js';

/** Numbers that stand for reasons in the `why` column; never given a new meaning. */
export const WITHHELD_CODES: Readonly<Record<WithheldReason, number>> = {
  immaterial: 1,
  'income-well-above-line': 2,
  'below-alert-level': 3,
};

interface FanOutKey {
  readonly origin: number;
  readonly shockRevision: number;
}

export class WithheldByTownship {
  readonly #byTownship = new Map<number, { ids: number[]; why: number[] }>();

  add(household: { readonly householdId: number; readonly dutyCode: number }, reason: WithheldReason): void {
    const township = townshipOf(household.dutyCode);
    let entry = this.#byTownship.get(township);
    if (entry === undefined) this.#byTownship.set(township, (entry = { ids: [], why: [] }));
    entry.ids.push(household.householdId);
    entry.why.push(WITHHELD_CODES[reason]);
  }

  /** Replaces what these townships held for the fan-out. */
  async store(tx: Tx, key: FanOutKey, townships: readonly number[]): Promise<void> {
    await tx.execute(`DELETE FROM withheld WHERE origin = $1 AND duty_code / ${TOWNSHIP_SPAN} = ANY($2::bigint[])`, [
      key.origin,
      townships,
    ]);
    for (const [township, { ids, why }] of this.#byTownship)
      await tx.execute(
        `INSERT INTO withheld (origin, shock_revision, duty_code, household_ids, why) VALUES ($1, $2, $3, $4, $5)`,
        [key.origin, key.shockRevision, township * TOWNSHIP_SPAN, ids, why],
      );
  }

  /** Adds single households (of a later look) to what the townships hold already; who stands there, by a slice stored just now, stays once. */
  async merge(tx: Tx, key: FanOutKey): Promise<void> {
    for (const [township, { ids, why }] of this.#byTownship)
      await tx.execute(
        `INSERT INTO withheld AS w (origin, shock_revision, duty_code, household_ids, why) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (origin, shock_revision, duty_code) DO UPDATE SET
           household_ids = w.household_ids || ARRAY(
             SELECT id FROM unnest(excluded.household_ids) WITH ORDINALITY AS new (id, n)
             WHERE id <> ALL(w.household_ids) ORDER BY n),
           why = w.why || ARRAY(
             SELECT new.why FROM unnest(excluded.household_ids, excluded.why) WITH ORDINALITY AS new (id, why, n)
             WHERE id <> ALL(w.household_ids) ORDER BY n)`,
        [key.origin, key.shockRevision, township * TOWNSHIP_SPAN, ids, why],
      );
  }
}

/** Townships in which somebody is withheld by the last revision that came there. */
export async function withheldTownships(tx: Tx, origin: number): Promise<number[]> {
  const rows = await tx.query<{ township: number }>(
    `SELECT DISTINCT duty_code / ${TOWNSHIP_SPAN} AS township FROM withheld
     WHERE origin = $1 AND cardinality(household_ids) > 0 ORDER BY 1`,
    [origin],
  );
  return rows.map(({ township }) => township);
}

/** Takes households out of the withheld ones of an origin, wherever they stand. */
export async function forgetWithheld(tx: Tx, origin: number, householdIds: readonly number[]): Promise<void> {
  await tx.execute(
    `UPDATE withheld w SET
       household_ids = kept.ids, why = kept.why
     FROM (
       SELECT v.shock_revision, v.duty_code,
              coalesce(array_agg(pair.id ORDER BY pair.n) FILTER (WHERE pair.id <> ALL($2::bigint[])), '{}') AS ids,
              coalesce(array_agg(pair.why ORDER BY pair.n) FILTER (WHERE pair.id <> ALL($2::bigint[])), '{}') AS why
       FROM withheld v, unnest(v.household_ids, v.why) WITH ORDINALITY AS pair (id, why, n)
       -- Not by &&, which compares each id of a township with each of these.
       WHERE v.origin = $1 AND EXISTS (SELECT FROM unnest(v.household_ids) AS id WHERE id = ANY($2::bigint[]))
       GROUP BY v.shock_revision, v.duty_code) AS kept
     WHERE w.origin = $1 AND w.shock_revision = kept.shock_revision AND w.duty_code = kept.duty_code`,
    [origin, householdIds],
  );
}
