/** Steps of cases that the register makes: the case row, its history and, where its state changes, its event. */
import type { OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { caseStateOf } from '../cases/case-states.js';
import { stepMessage } from '../cases/commands/record-step.js';
import { regimeOf } from '../cases/regime.js';
import type { RegisterRun } from './follow-register.js';

/** What the register's word does to one case; the row is locked. */
export interface RegisterStep {
  readonly caseOrigin: number;
  readonly householdId: number;
  readonly fromState: number;
  readonly toState: number;
  /** As `cases.household_left` keeps it. */
  readonly householdLeft: number | null;
  readonly severity: number;
  readonly dueAt: Date;
  /** In the history. */
  readonly action: string;
  /** In Chinese, for the officer; it names nobody. */
  readonly reason: string;
}

interface SteppedRow extends Record<string, unknown> {
  readonly case_origin: number;
  readonly household_id: number;
  readonly duty_code: number;
  readonly revision: number;
}

// What is taken up again is a clue that nobody has touched yet, and bears no mark.
const STEP = `
  WITH stepped AS (
    UPDATE cases c SET state = v.to_state, household_left = v.household_left, severity = v.severity, due_at = v.due_at,
           acted = c.acted AND v.to_state >= v.from_state, flagged_at = CASE WHEN v.to_state >= v.from_state THEN c.flagged_at END,
           revision = greatest(c.revision, $10) + 1
      FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::smallint[], $5::smallint[], $6::smallint[], $7::timestamptz[], $8::text[], $9::text[])
           AS v (case_origin, household_id, from_state, to_state, household_left, severity, due_at, action, reason)
     WHERE c.case_origin = v.case_origin AND c.household_id = v.household_id
    RETURNING c.case_origin, c.household_id, c.duty_code, c.revision, c.severity, v.from_state, v.to_state, v.action, v.reason),
  logged AS (
    INSERT INTO case_steps (case_origin, household_id, duty_code, revision, stepped_at, action, from_state, to_state, severity, regime,
                            policy_version, reason)
    SELECT case_origin, household_id, duty_code, revision, $11::timestamptz, action, from_state, to_state, severity, $12::smallint, $13::text, reason
      FROM stepped)
  SELECT case_origin, household_id, duty_code, revision FROM stepped`;

/** Answers what is to be said of them. */
export async function stepCases(tx: Tx, run: RegisterRun, steps: readonly RegisterStep[]): Promise<OutgoingMessage[]> {
  if (steps.length === 0) return [];
  const column = <Value>(of: (step: RegisterStep) => Value): Value[] => steps.map(of);
  const rows = await tx.query<SteppedRow>(STEP, [
    column(({ caseOrigin }) => caseOrigin),
    column(({ householdId }) => householdId),
    column(({ fromState }) => fromState),
    column(({ toState }) => toState),
    column(({ householdLeft }) => householdLeft),
    column(({ severity }) => severity),
    column(({ dueAt }) => dueAt),
    column(({ action }) => action),
    column(({ reason }) => reason),
    run.epochBase,
    run.now,
    regimeOf(run.today),
    run.policyVersion,
  ]);
  const byCase = new Map(steps.map((step) => [`${step.caseOrigin}/${step.householdId}`, step]));
  return rows.flatMap(({ case_origin: caseOrigin, household_id: householdId, duty_code: dutyCode, revision }) => {
    const step = byCase.get(`${caseOrigin}/${householdId}`);
    if (step === undefined || step.fromState === step.toState) return [];
    const { action, toState } = step;
    const stepped = { caseOrigin, householdId, dutyCode, revision };
    return [stepMessage(stepped, { action, to: caseStateOf(toState), at: run.now })];
  });
}
