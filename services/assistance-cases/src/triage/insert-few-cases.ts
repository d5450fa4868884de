/** The rows of a few new cases in one statement: somebody waits for the case of a single finding, and a COPY is five ways to the server. */
import { packRevision, shanghaiDay } from '@fangpin/domain-kit';
import { prepared, type Tx } from '@fangpin/persistence';
import { caseStates } from '../cases/case-states.js';
import { regimeOf } from '../cases/regime.js';
import { OPENED } from './outcome.js';
import type { TriageRun } from './triage-run.js';

/** Above this a COPY costs less. */
export const FEW_CASES = 32;

// An open case that is there, or that another transaction opens at this very moment, is waited for and left alone.
const INSERT = prepared(
  `INSERT INTO cases (case_origin, household_id, duty_code, alert_revision, due_at, persons, severity, alert_severity,
     revision, opened_at, alert_outcome, state, regime, acted)
   SELECT v.*, severity, $8, $9, $10, $11, $12, false
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::smallint[], $7::smallint[])
       AS v (case_origin, household_id, duty_code, alert_revision, due_at, persons, severity)
   ON CONFLICT (household_id) WHERE state < 100 DO NOTHING
   RETURNING household_id`,
);

/** Answers the alerts that opened a case: those whose household had none open. No household twice. */
export async function insertFewCases(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<number[]> {
  const { incoming } = run;
  const rows = await tx.query<{ household_id: number }>(INSERT, [
    alerts.map((alert) => incoming.headOf(alert).origin),
    run.householdsOf(alerts),
    alerts.map((alert) => incoming.duty[alert]),
    alerts.map((alert) => incoming.headOf(alert).revision),
    alerts.map((alert) => new Date(run.dueMs('first-visit', alert))),
    alerts.map((alert) => incoming.persons[alert]),
    alerts.map((alert) => incoming.severity[alert]),
    packRevision({ epoch: run.epoch, version: 1 }),
    run.now,
    OPENED,
    caseStates.clue.code,
    regimeOf(shanghaiDay(run.now)),
  ]);
  const stored = new Set(rows.map((row) => row.household_id));
  return alerts.filter((alert) => stored.has(incoming.household[alert] as number));
}
