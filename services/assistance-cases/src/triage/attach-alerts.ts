/** Attaches alerts to the open cases of their households. */
import type { Tx } from '@fangpin/persistence';
import { findOpenCases } from './find-open-cases.js';
import { ATTACHED } from './outcome.js';
import type { TriageRun } from './triage-run.js';

/**
 * Answers the alerts whose household has no open case any more: somebody closed it in between, so they open one. `known` are
 * open cases found and locked before, by household.
 */
export async function attachAlerts(
  tx: Tx,
  run: TriageRun,
  alerts: readonly number[],
  known: ReadonlyMap<number, number>,
): Promise<number[]> {
  if (alerts.length === 0) return [];
  const { incoming } = run;
  const unknown = run.householdsOf(alerts).filter((household) => !known.has(household));
  const open = new Map([...known, ...(await findOpenCases(tx, unknown))]);
  const caseOf = (alert: number): number | undefined => open.get(incoming.household[alert] as number);
  const attached = alerts.filter((alert) => caseOf(alert) !== undefined);
  if (attached.length === 0) return [...alerts];
  await tx.execute(
    `INSERT INTO case_alerts (origin, household_id, duty_code, case_origin, alert_revision, severity, attached_at, outcome)
     SELECT v.*, $7::timestamptz, $8::smallint
       FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::smallint[]) AS v
     ON CONFLICT (origin, household_id) DO UPDATE SET duty_code = excluded.duty_code, case_origin = excluded.case_origin,
            alert_revision = excluded.alert_revision, severity = excluded.severity, attached_at = excluded.attached_at,
            outcome = excluded.outcome`,
    [
      attached.map((alert) => incoming.headOf(alert).origin),
      run.householdsOf(attached),
      attached.map((alert) => incoming.duty[alert]),
      attached.map(caseOf),
      attached.map((alert) => incoming.headOf(alert).revision),
      attached.map((alert) => incoming.severity[alert]),
      run.now,
      ATTACHED,
    ],
  );
  for (const alert of attached) {
    const origin = caseOf(alert) as number;
    run.settle(alert, ATTACHED, origin);
    run.touchCase(origin, alert);
  }
  return alerts.filter((alert) => caseOf(alert) === undefined);
}
