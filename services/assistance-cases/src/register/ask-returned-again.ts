/**
 * A household that is back is asked what still stands: the case that its leaving ended is a clue again, its check items are listed again, each under a clock
 * that begins now. What came while it was away and is in the case band opens a case. A case that was only marked goes on.
 */
import type { OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { caseStates } from '../cases/case-states.js';
import { LAST_STANDING } from '../triage/outcome.js';
import { HOUSEHOLD_BACK } from '../triage/reopen-cases.js';
import type { RegisterRun } from './follow-register.js';
import { LEFT_CASE_CODES } from './left-states.js';
import { listItemsAgain } from './list-items-again.js';
import { ASKED_AGAIN_REASON, townshipOf } from './returned-item.js';
import { stepCases, type RegisterStep } from './step-cases.js';

interface CaseRow extends Record<string, unknown> {
  readonly case_origin: number;
  readonly household_id: number;
  readonly duty_code: number;
  readonly state: number;
  readonly severity: number;
  readonly due_at: Date;
}

const MARKED = `
  SELECT case_origin, household_id, duty_code, state, severity, due_at FROM cases
   WHERE household_id = ANY($1::bigint[]) AND state < 100 AND household_left IS NOT NULL ORDER BY household_id FOR UPDATE`;

// What still stands behind the case: an alert that has been listed since is asked there. A household has one open case at most.
const ENDED_BY_LEAVING = `
  WITH ended AS (
    SELECT * FROM cases c WHERE c.household_id = ANY($1::bigint[]) AND c.state = ANY($2::smallint[])
     ORDER BY c.household_id, c.case_origin FOR UPDATE),
  standing AS (
    SELECT c.case_origin, c.household_id, c.duty_code, c.state, c.due_at,
           greatest(CASE WHEN c.alert_outcome <= ${LAST_STANDING} AND NOT EXISTS (
                      SELECT FROM check_items i WHERE i.origin = c.case_origin AND i.household_id = c.household_id
                         AND i.alert_revision > c.alert_revision OFFSET 0) THEN c.alert_severity END,
                    (SELECT max(a.severity) FROM case_alerts a
                      WHERE a.case_origin = c.case_origin AND a.household_id = c.household_id AND a.outcome <= ${LAST_STANDING})) AS severity
      FROM ended c)
  SELECT DISTINCT ON (household_id) * FROM standing s
   WHERE severity IS NOT NULL AND NOT EXISTS (SELECT FROM cases o WHERE o.household_id = s.household_id AND o.state < 100)
   ORDER BY household_id, severity DESC, case_origin DESC`;

/** Answers what is to be said of them. */
export async function askReturnedAgain(
  tx: Tx,
  run: RegisterRun,
  households: readonly number[],
): Promise<OutgoingMessage[]> {
  if (households.length === 0) return [];
  const marked = await tx.query<CaseRow>(MARKED, [households]);
  const ended = await tx.query<CaseRow>(ENDED_BY_LEAVING, [households, LEFT_CASE_CODES]);
  const steps = [...marked.map(goesOn), ...ended.map((row) => askedAgain(row, run))];
  return [...(await stepCases(tx, run, steps)), ...(await listItemsAgain(tx, run, households))];
}

function goesOn(row: CaseRow): RegisterStep {
  return {
    ...keyOf(row),
    toState: row.state,
    dueAt: row.due_at,
    action: HOUSEHOLD_BACK,
    reason: '农户台账已恢复该户，时限继续计算',
  };
}

function askedAgain(row: CaseRow, { dueDates, now }: RegisterRun): RegisterStep {
  return {
    ...keyOf(row),
    toState: caseStates.clue.code,
    dueAt: new Date(dueDates.dueMs('first-visit', townshipOf(row), now.getTime())),
    action: HOUSEHOLD_BACK,
    reason: ASKED_AGAIN_REASON,
  };
}

const keyOf = (row: CaseRow): Omit<RegisterStep, 'toState' | 'dueAt' | 'action' | 'reason'> => ({
  caseOrigin: row.case_origin,
  householdId: row.household_id,
  fromState: row.state,
  householdLeft: null,
  severity: row.severity,
});
