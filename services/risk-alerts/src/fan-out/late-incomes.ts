/**
 * Alerts of shocks that were judged without the income of their household, which has come since. While the shock is open its looks see to
 * them; afterwards the alert is judged again by what it was raised for: what was lost then stays so, though the pigs have been sold since
 * (docs/adr/0068-incomes-that-come-after-the-shock.md).
 */
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import type { ExposedHousehold } from '../exposure/exposure-row.js';
import { liveExposure } from '../exposure/exposure-sets.js';
import { wageFenPerWorker } from '../exposure/wages.js';
import { storedFacts } from '../loss/household.js';
import type { ShockFacts } from '../loss/shock-facts.js';
import { livelihoodsOf, RAISED, removedDayOf } from './alert-rows.js';
import type { LastAlert } from './last-alerts.js';

/** An alert that stands without an income, with what has come since. */
export interface LateIncome extends LastAlert {
  readonly origin: number;
  readonly inputs: readonly number[];
  readonly wageFenPerWorker: number | null;
  /** Of the household by now: where it lives, its income and hard spending, fen. */
  readonly livesAt: number;
  readonly cameFen: number;
  readonly spendingFen: number | null;
  readonly wageFen: number | null;
  readonly livelihoods: readonly number[];
}

/** Condition on an alert `a`: it was raised without an income. That of an index (migration 0076). */
const WITHOUT_INCOME = `a.per_capita_fen IS NULL AND a.state = ${RAISED}`;

/** Condition on a household `household_id`: an alert of it was raised without an income. By the index, one household after the other. */
export const awaitsIncome = (householdId: string): string =>
  `EXISTS (SELECT FROM alerts a WHERE a.household_id = ${householdId} AND ${WITHOUT_INCOME} OFFSET 0)`;

/**
 * The last alerts of these households, of shocks, that stand without the income which is known by now. One that a case or a check without risk
 * has answered for good, or that has passed, is left as it is; one that episodes have not taken up yet stands.
 */
export async function lateIncomes(
  tx: Tx,
  householdIds: readonly number[],
  origin: number | null = null,
): Promise<LateIncome[]> {
  const { households } = await liveExposure(tx, 'read');
  return tx.query<LateIncome & Record<string, unknown>>(
    `WITH said AS (
       SELECT DISTINCT a.origin, a.household_id FROM alerts a
       WHERE a.household_id = ANY($1::bigint[]) AND ${WITHOUT_INCOME} AND ($2::bigint IS NULL OR a.origin = $2)
     )
     SELECT a.origin, a.household_id AS "householdId", a.duty_code AS "dutyCode", a.revision, a.state, a.severity, a.loss_fen AS "lossFen",
       a.reasons, a.persons, a.per_capita_fen AS "perCapitaFen", a.inputs, a.wage_fen_per_worker AS "wageFenPerWorker",
       h.duty_code AS "livesAt", h.per_capita_fen AS "cameFen", h.spending_fen AS "spendingFen", h.wage_fen AS "wageFen", h.livelihoods
     FROM said JOIN ${households} h ON h.household_id = said.household_id AND h.active AND h.per_capita_fen IS NOT NULL
       CROSS JOIN LATERAL (
         SELECT * FROM alerts WHERE origin = said.origin AND household_id = said.household_id ORDER BY revision DESC LIMIT 1) AS a
       LEFT JOIN episode_alerts e ON e.household_id = said.household_id AND e.origin = said.origin
     WHERE ${WITHOUT_INCOME} AND EXISTS (SELECT FROM fan_outs f WHERE f.origin = said.origin)
       AND (e.origin IS NULL OR (e.held > 0 AND e.gone_since IS NULL))
     ORDER BY a.household_id, a.origin`,
    [arrayLiteral(householdIds), origin],
  );
}

/** The household as the alert has it, with its income, and where it lives by now. */
export function withIncome(late: LateIncome, shock: ShockFacts): ExposedHousehold {
  const removedDay = removedDayOf(late.inputs);
  const household = {
    householdId: late.householdId,
    dutyCode: late.livesAt,
    persons: late.persons,
    perCapitaFen: late.cameFen,
    facts: storedFacts(late.reasons, removedDay),
    removedDay,
    livelihoods: livelihoodsOf(late.inputs),
    spendingFen: late.spendingFen,
  };
  if (shock.layOff === undefined) return household;
  return { ...household, wageFenPerWorker: late.wageFenPerWorker ?? wageFenPerWorker(late.wageFen, late.livelihoods) };
}
