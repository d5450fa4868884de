/**
 * A household that has left is asked for no visit: a clue that nobody has touched and all of its open check items end by themselves. A case that somebody
 * works on is not taken from them: it is marked, its clock stops, and they end it by a step of their own.
 */
import type { OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { caseStates } from '../cases/case-states.js';
import { checkMessages, type SaidCheck } from '../check-items/said-checks.js';
import { LAST_STANDING } from '../triage/outcome.js';
import type { RegisterRun } from './follow-register.js';
import { ANSWERED_BY_LEAVING, leavingEntries, type Leaving } from './left-states.js';
import { stepCases, type RegisterStep } from './step-cases.js';

/** In the history of a case, with the reason: that it ended by the register, or that its household has left while somebody worked on it. */
export const HOUSEHOLD_LEFT = 'household-left';

interface OpenCaseRow extends Record<string, unknown> {
  readonly case_origin: number;
  readonly household_id: number;
  readonly state: number;
  readonly severity: number;
  readonly due_at: Date;
  readonly acted: boolean;
}

const OPEN_CASES = `
  SELECT case_origin, household_id, state, severity, due_at, acted FROM cases
   WHERE household_id = ANY($1::bigint[]) AND state < 100 ORDER BY household_id, case_origin FOR UPDATE`;

/** Answers what is to be said of them. */
export async function endForLeavers(
  tx: Tx,
  run: RegisterRun,
  leavers: ReadonlyMap<number, Leaving>,
): Promise<OutgoingMessage[]> {
  if (leavers.size === 0) return [];
  const cases = await tx.query<OpenCaseRow>(OPEN_CASES, [[...leavers.keys()]]);
  const steps = cases.map((row) => stepOf(row, leavers.get(row.household_id) as Leaving));
  return [...(await stepCases(tx, run, steps)), ...checkMessages(await endItems(tx, run, leavers))];
}

function stepOf(row: OpenCaseRow, leaving: Leaving): RegisterStep {
  const { code, caseCode, label } = leavingEntries[leaving];
  const untouched = row.state === caseStates.clue.code && !row.acted;
  return {
    caseOrigin: row.case_origin,
    householdId: row.household_id,
    fromState: row.state,
    toState: untouched ? caseCode : row.state,
    householdLeft: untouched ? null : code,
    severity: row.severity,
    dueAt: row.due_at,
    action: HOUSEHOLD_LEFT,
    reason: untouched
      ? `农户台账已登记该户${label}，线索尚未核实，由系统办结`
      : `农户台账已登记该户${label}，时限停止计算，请办理“登记${label}”`,
  };
}

interface ItemRow extends Record<string, unknown> {
  readonly origin: number;
  readonly household_id: number;
  readonly duty_code: number;
  readonly revision: number;
  readonly alert_revision: number;
  readonly outcome: number;
}

const END_ITEMS = `
  UPDATE check_items i SET state = v.state, revision = greatest(i.revision, $3) + 1
    FROM unnest($1::bigint[], $2::smallint[]) AS v (household_id, state)
   WHERE i.household_id = v.household_id AND (i.origin, i.household_id) IN (
     SELECT o.origin, o.household_id FROM check_items o WHERE o.household_id = ANY($1::bigint[]) AND o.state < 100
      ORDER BY o.household_id, o.origin FOR UPDATE)
  RETURNING i.origin, i.household_id, i.duty_code, i.revision, i.alert_revision, i.outcome`;

async function endItems(tx: Tx, run: RegisterRun, leavers: ReadonlyMap<number, Leaving>): Promise<SaidCheck[]> {
  const codes = [...leavers.values()].map((leaving) => leavingEntries[leaving].itemCode);
  const rows = await tx.query<ItemRow>(END_ITEMS, [[...leavers.keys()], codes, run.epochBase]);
  return rows
    .filter(({ outcome }) => outcome <= LAST_STANDING)
    .map((row) => saidOfLeaver(row, leavers.get(row.household_id) as Leaving));
}

/** That nobody is asked about the alert any more, for its household has left. */
function saidOfLeaver(row: ItemRow, leaving: Leaving): SaidCheck {
  return {
    origin: row.origin,
    householdId: row.household_id,
    dutyCode: row.duty_code,
    revision: row.revision,
    alertRevision: row.alert_revision,
    result: leaving,
    checkedOn: '',
    answeredUpTo: ANSWERED_BY_LEAVING,
  };
}
