/**
 * Opens cases for a set of alerts, or attaches them where the household has an open case. The rows go in by COPY, hoping
 * that nobody clashes; where one does, the COPY is taken back, those with an open case are set aside and the rest goes in
 * again (architecture §12). A few go in by one statement that leaves out those with an open case.
 */
import { shanghaiDay } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { caseStates } from '../cases/case-states.js';
import { regimeOf } from '../cases/regime.js';
import { attachAlerts } from './attach-alerts.js';
import { copyCases } from './copy-cases.js';
import { OPENED } from './outcome.js';
import { findOpenCases } from './find-open-cases.js';
import { FEW_CASES, insertFewCases } from './insert-few-cases.js';
import type { TriageRun } from './triage-run.js';

const UNIQUE_VIOLATION = '23505';
/** Each round sets aside at least one clash or meets a case closed in between; more rounds than this mean a fault. */
const MAX_ROUNDS = 8;

export async function openOrAttach(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<void> {
  let toOpen = alerts;
  const toAttach: number[] = [];
  const known = new Map<number, number>();
  for (let round = 0; toOpen.length > 0; round += 1) {
    if (round === MAX_ROUNDS) throw new Error('cases still clash after several rounds');
    const { first, again } = onePerHousehold(run, toOpen);
    toAttach.push(...again);
    const { stored, clashing } = await store(tx, run, first);
    for (const alert of stored) run.settle(alert, OPENED, run.incoming.headOf(alert).origin);
    if (clashing.length === 0) {
      toOpen = await attachAlerts(tx, run, toAttach.splice(0), known);
    } else {
      const open = await findOpenCases(tx, run.householdsOf(clashing));
      for (const [household, caseOrigin] of open) known.set(household, caseOrigin);
      toOpen = clashing.filter((alert) => !open.has(run.incoming.household[alert] as number));
      toAttach.push(...clashing.filter((alert) => open.has(run.incoming.household[alert] as number)));
      if (toOpen.length === 0) toOpen = await attachAlerts(tx, run, toAttach.splice(0), known);
    }
  }
}

/** Two shocks may meet at one household within one call: the first opens, the others attach. */
function onePerHousehold(
  run: TriageRun,
  alerts: readonly number[],
): { first: readonly number[]; again: readonly number[] } {
  if (run.incoming.byOrigin.size === 1) return { first: alerts, again: [] };
  const seen = new Set<number>();
  const first: number[] = [];
  const again: number[] = [];
  for (const alert of alerts) {
    const household = run.incoming.household[alert] as number;
    (seen.has(household) ? again : first).push(alert);
    seen.add(household);
  }
  return { first, again };
}

interface Opening {
  readonly stored: readonly number[];
  /** Not stored; one of their households at least has an open case. */
  readonly clashing: readonly number[];
}

async function store(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<Opening> {
  const isDropped = (alert: number): boolean => run.known.get(alert)?.opened !== undefined;
  const dropped = run.known.size === 0 ? [] : alerts.filter(isDropped);
  if (dropped.length === 0 && alerts.length <= FEW_CASES) {
    const stored = await insertFewCases(tx, run, alerts);
    return { stored, clashing: alerts.filter((alert) => !stored.includes(alert)) };
  }
  const fresh = dropped.length === 0 ? alerts : alerts.filter((alert) => !isDropped(alert));
  await tx.execute('SAVEPOINT opening');
  try {
    if (fresh.length > 0) await copyCases(tx, run, fresh);
    if (dropped.length > 0) await reopenCases(tx, run, dropped);
    await tx.execute('RELEASE SAVEPOINT opening');
    return { stored: alerts, clashing: [] };
  } catch (error) {
    if (!isOpenCaseClash(error)) throw error;
    await tx.execute('ROLLBACK TO SAVEPOINT opening');
    return { stored: [], clashing: alerts };
  }
}

function isOpenCaseClash(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === UNIQUE_VIOLATION && constraint === 'cases_one_open_case';
}

/** In the history of a case that had ended and is taken up again. */
export const ASKED_AGAIN = 'asked-again';

interface ReopenedRow extends Record<string, unknown> {
  readonly case_origin: number;
  readonly household_id: number;
  readonly duty_code: number;
  readonly revision: number;
  readonly from_state: number;
}

/**
 * Alerts that were withdrawn before anybody acted, and stand again; and those whose case has ended and no longer answers for them. Their cases go back to the
 * clue, which nobody has touched yet.
 */
async function reopenCases(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<void> {
  const { incoming } = run;
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
     SELECT case_origin, household_id, duty_code, revision, from_state FROM reopened`,
    [
      alerts.map((alert) => incoming.headOf(alert).origin),
      run.householdsOf(alerts),
      alerts.map((alert) => incoming.headOf(alert).revision),
      alerts.map((alert) => incoming.severity[alert]),
      alerts.map((alert) => incoming.persons[alert]),
      alerts.map((alert) => incoming.duty[alert]),
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
    // That a recall had closed it was said to nobody.
    if (row.from_state === caseStates.withdrawn.code) continue;
    const { case_origin: caseOrigin, household_id: householdId, duty_code: dutyCode, revision } = row;
    run.reopened.push({ caseOrigin, householdId, dutyCode, revision });
    // What had been attached to it stands behind it again.
    run.touched.origins.push(caseOrigin);
    run.touched.households.push(householdId);
  }
}
