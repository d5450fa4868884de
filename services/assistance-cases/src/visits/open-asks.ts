/**
 * What is asked of households now: an open case, and the open items of the villages' check lists. A household is visited once
 * for all of it (architecture §1, docs/adr/0030).
 */
import type { DutyRange } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { caseStates } from '../cases/case-states.js';
import { standingTitles } from '../cases/queries/standing-titles.js';
import { LAST_STANDING } from '../triage/outcome.js';

/** A case or check item that is open. */
export interface OpenAsk {
  readonly isCase: boolean;
  readonly origin: number;
  readonly household_id: number;
  readonly duty_code: number;
  readonly due_at: Date;
  /** Of a case: how its household has left by the register, a code of register/left-states.ts; null while it is there. */
  readonly household_left: number | null;
  readonly severity: number;
  readonly state: number;
  /** What the alert that opened or listed it was answered: the numbers of `TriageOutcome`. */
  readonly alert_outcome: number;
  /** What a case is about (standing-titles.ts); of an item what its alert is about. */
  readonly shock_id: string;
  readonly shock_kind: string;
  readonly cause: string;
  /** Of the alerts that stand behind it, each once; what the case is about where none does. */
  readonly causes: readonly string[];
}

interface AskRow extends Omit<OpenAsk, 'causes'> {
  readonly causes: readonly string[] | null;
  [column: string]: unknown;
}

/** All that is asked of one household. At least one of the two holds something. */
export interface HouseholdAsks {
  readonly openCase: OpenAsk | undefined;
  /** What is due first ahead. */
  readonly items: readonly OpenAsk[];
}

const NOTHING: HouseholdAsks = { openCase: undefined, items: [] };

/**
 * From the first step to the announcement one check of the household is under way and answers for all that is asked of it, so
 * that its clock alone runs. Before it and after it, what is due first counts.
 */
const FIRST_UNDER_WAY = caseStates.verifying.code;
const LAST_UNDER_WAY = caseStates.announced.code;

/** Whether the check of the household has begun and is not yet at its end; codes of case-states.ts. */
export const checkIsUnderWay = (caseState: number): boolean =>
  caseState >= FIRST_UNDER_WAY && caseState <= LAST_UNDER_WAY;

/**
 * One row a household (`subject`) with the moment by which it is to be seen (`due_at`). `$1`, `$2`: the duty codes of the area.
 */
export const DUE_BY_HOUSEHOLD = `
  SELECT household_id AS subject,
         CASE WHEN max(case_state) BETWEEN ${FIRST_UNDER_WAY} AND ${LAST_UNDER_WAY}
              THEN min(due_at) FILTER (WHERE case_state IS NOT NULL) ELSE min(due_at) END AS due_at
    FROM (SELECT household_id, due_at, state AS case_state FROM cases
           WHERE state < 100 AND duty_code >= $1 AND duty_code < $2
          UNION ALL
          SELECT household_id, due_at, NULL FROM check_items
           WHERE state < 100 AND duty_code >= $1 AND duty_code < $2) AS asks
   GROUP BY household_id`;

// By origin, one look each: every finding of a department is an origin, and there are hundreds of thousands of them.
const OPEN_ASKS = `
  SELECT true AS "isCase", c.case_origin AS origin, c.household_id, c.duty_code, c.due_at, c.household_left, c.severity, c.state, c.alert_outcome, t.shock_id, t.shock_kind, t.cause,
         (SELECT array_agg(DISTINCT s.cause)
            FROM (SELECT c.case_origin AS origin WHERE c.alert_outcome <= ${LAST_STANDING}
                  UNION ALL
                  SELECT a.origin FROM case_alerts a
                   WHERE a.case_origin = c.case_origin AND a.household_id = c.household_id
                     AND a.outcome <= ${LAST_STANDING}) AS behind
            JOIN triage_refs s USING (origin)) AS causes
    FROM cases c JOIN triage_refs t ON t.origin = c.case_origin
   WHERE c.state < 100 AND c.duty_code >= $1 AND c.duty_code < $2 AND c.household_id = ANY($3::bigint[])
  UNION ALL
  SELECT false, i.origin, i.household_id, i.duty_code, i.due_at, NULL, i.severity, i.state, i.outcome, t.shock_id, t.shock_kind, t.cause, ARRAY[t.cause]
    FROM check_items i JOIN triage_refs t ON t.origin = i.origin
   WHERE i.state < 100 AND i.duty_code >= $1 AND i.duty_code < $2 AND i.household_id = ANY($3::bigint[])
   ORDER BY due_at, origin`;

/** What is asked of these households in an area; of a household of which nothing is asked, nothing. */
export async function openAsksOf(
  tx: Tx,
  households: readonly number[],
  { lo, hi }: DutyRange,
): Promise<(household: number) => HouseholdAsks> {
  if (households.length === 0) return () => NOTHING;
  const rows = await tx.query<AskRow>(OPEN_ASKS, [lo, hi, households]);
  const titles = await standingTitles(
    tx,
    rows.filter(({ isCase }) => isCase),
  );
  const asked = rows.map((row): OpenAsk => {
    const about = { ...row, ...titles.get(row) };
    return { ...about, causes: row.causes ?? [about.cause] };
  });
  const byHousehold = Map.groupBy(asked, (row) => row.household_id);
  return (household) => {
    const asks = byHousehold.get(household);
    if (asks === undefined) return NOTHING;
    return { openCase: asks.find(({ isCase }) => isCase), items: asks.filter(({ isCase }) => !isCase) };
  };
}
