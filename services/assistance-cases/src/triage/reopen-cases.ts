/** Takes up cases again that have ended: each goes back to the clue, which nobody has touched yet. */
import { shanghaiDay } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { caseStates } from '../cases/case-states.js';
import { regimeOf } from '../cases/regime.js';
import { OPENED } from './outcome.js';
import type { TriageRun } from './triage-run.js';

/** In the history of a case that had ended and is taken up again. */
export const ASKED_AGAIN = 'asked-again';
/** Of one that goes on, or is taken up again, because its household is back (src/register). */
export const HOUSEHOLD_BACK = 'household-back';

interface ReopenedRow extends Record<string, unknown> {
  readonly case_origin: number;
  readonly household_id: number;
  readonly duty_code: number;
  readonly revision: number;
  readonly from_state: number;
  readonly said: boolean;
}

/** As SQL: whether others have heard of the case, which had ended once and was taken up again. That a recall closed an untouched clue is else said to nobody. */
export const wasAskedAgain = (of: string): string => `EXISTS (
  SELECT FROM case_steps h WHERE h.case_origin = ${of}.case_origin AND h.household_id = ${of}.household_id
     AND h.action IN ('${ASKED_AGAIN}', '${HOUSEHOLD_BACK}') OFFSET 0)`;

/** Of alerts that were withdrawn before anybody acted, and stand again; and of those whose case has ended and no longer answers for them. */
export async function reopenCases(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<void> {
  const rows = await tx.query<ReopenedRow>(
    `WITH reopened AS (
       UPDATE cases c SET state = $7, alert_outcome = $8, alert_revision = v.alert_revision, severity = v.severity,
              alert_severity = v.severity, persons = v.persons, duty_code = v.duty_code, due_at = v.due_at,
              acted = false, flagged_at = NULL, revision = greatest(c.revision, $9) + 1
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::smallint[], $6::bigint[],
                     $10::timestamptz[])
              AS v (case_origin, household_id, alert_revision, severity, persons, duty_code, due_at)
        WHERE c.case_origin = v.case_origin AND c.household_id = v.household_id
       RETURNING c.case_origin, c.household_id, c.duty_code, c.revision, old.state AS from_state, c.state AS to_state,
                 c.severity), logged AS (
     INSERT INTO case_steps (case_origin, household_id, duty_code, revision, stepped_at, action, from_state, to_state,
                             severity, regime, policy_version)
     SELECT case_origin, household_id, duty_code, revision, $11::timestamptz,
            CASE WHEN from_state = $14 THEN 'reopened' ELSE '${ASKED_AGAIN}' END, from_state, to_state, severity, $12::smallint, $13::text
       FROM reopened)
     SELECT case_origin, household_id, duty_code, revision, from_state, from_state <> $14 OR ${wasAskedAgain('r')} AS said
       FROM reopened r`,
    [
      ...run.columnsOf(alerts),
      caseStates.clue.code,
      OPENED,
      run.epochBase,
      alerts.map((alert) => new Date(run.dueMs('first-visit', alert))),
      run.now,
      regimeOf(shanghaiDay(run.now)),
      run.policyVersion,
      caseStates.withdrawn.code,
    ],
  );
  for (const row of rows) {
    const { case_origin: caseOrigin, household_id: householdId, duty_code: dutyCode, revision } = row;
    const action = row.from_state === caseStates.withdrawn.code ? 'reopened' : ASKED_AGAIN;
    if (row.said) run.steps.push({ action, to: 'clue', stepped: { caseOrigin, householdId, dutyCode, revision } });
    // What had been attached to it stands behind it again.
    run.touched.origins.push(caseOrigin);
    run.touched.households.push(householdId);
  }
}
