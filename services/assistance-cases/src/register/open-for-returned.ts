/** Opens the cases of alerts that came while their household was away. */
import type { OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { caseStates } from '../cases/case-states.js';
import { regimeOf } from '../cases/regime.js';
import { stepMessage } from '../cases/commands/record-step.js';
import { OPENED } from '../triage/outcome.js';
import { HOUSEHOLD_BACK } from '../triage/reopen-cases.js';
import { AnswerColumns, answerMessages } from '../triage/triage-answers.js';
import type { RegisterRun } from './follow-register.js';
import { ASKED_AGAIN_REASON, townshipOf, type ReturnedItem } from './returned-item.js';

interface OpenedRow extends Record<string, unknown> {
  readonly case_origin: number;
  readonly household_id: number;
  readonly duty_code: number;
  readonly revision: number;
  /** It had ended before, and others have heard of it. */
  readonly from_state: number | null;
}

// A case of the alert that had ended in another way is taken up again.
const OPEN = `
  WITH opened AS (
    INSERT INTO cases AS c (case_origin, household_id, duty_code, alert_revision, due_at, persons, severity, alert_severity, revision, opened_at,
                            alert_outcome, state, regime, acted)
    SELECT v.*, severity, $8, $9, $10, $11, $12, false
      FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::smallint[], $7::smallint[])
        AS v (case_origin, household_id, duty_code, alert_revision, due_at, persons, severity)
    ON CONFLICT (case_origin, household_id) DO UPDATE SET duty_code = excluded.duty_code, alert_revision = excluded.alert_revision,
           due_at = excluded.due_at, persons = excluded.persons, severity = excluded.severity, alert_severity = excluded.alert_severity,
           alert_outcome = excluded.alert_outcome, state = excluded.state, acted = false, flagged_at = NULL, household_left = NULL,
           revision = greatest(c.revision, $13) + 1
    RETURNING c.case_origin, c.household_id, c.duty_code, c.revision, c.severity, old.state AS from_state, c.state AS to_state),
  logged AS (
    INSERT INTO case_steps (case_origin, household_id, duty_code, revision, stepped_at, action, from_state, to_state, severity, regime,
                            policy_version, reason)
    SELECT case_origin, household_id, duty_code, revision, $9, '${HOUSEHOLD_BACK}', from_state, to_state, severity, $12, $14::text, $15::text
      FROM opened WHERE from_state IS NOT NULL)
  SELECT case_origin, household_id, duty_code, revision, from_state FROM opened`;

/** Of households without an open case, one each. Answers what is to be said of them. */
export async function openForReturned(
  tx: Tx,
  run: RegisterRun,
  items: readonly ReturnedItem[],
): Promise<OutgoingMessage[]> {
  if (items.length === 0) return [];
  const rows = await tx.query<OpenedRow>(OPEN, [
    items.map(({ origin }) => origin),
    items.map((item) => item.household_id),
    items.map((item) => item.duty_code),
    items.map((item) => item.alert_revision),
    items.map((item) => new Date(run.dueDates.dueMs('first-visit', townshipOf(item), run.now.getTime()))),
    items.map(({ persons }) => persons),
    items.map(({ severity }) => severity),
    run.epochBase + 1,
    run.now,
    OPENED,
    caseStates.clue.code,
    regimeOf(run.today),
    run.epochBase,
    run.policyVersion,
    ASKED_AGAIN_REASON,
  ]);
  const again = rows.filter((row) => row.from_state !== null);
  return [
    ...items.flatMap(answerOf),
    ...again.map(({ case_origin: caseOrigin, household_id: householdId, duty_code: dutyCode, revision }) =>
      stepMessage({ caseOrigin, householdId, dutyCode, revision }, { action: HOUSEHOLD_BACK, to: 'clue', at: run.now }),
    ),
  ];
}

/** The answer that triage would have given, had the household been there. */
function answerOf(item: ReturnedItem): OutgoingMessage[] {
  const columns = new AnswerColumns();
  columns.add(item.household_id, OPENED, item.origin);
  const { shock_id: shockId, origin, alert_revision: alertRevision } = item;
  return answerMessages({ shockId, origin, alertRevision, township: townshipOf(item) }, columns);
}
