/** Alerts that go their own way after their case has ended: listed, attached elsewhere, or a case of their own. */
import type { Tx } from '@fangpin/persistence';
import { noteAlertSteps } from './note-alert-steps.js';
import { ATTACHED, DROPPED, FLAGGED, OPENED } from './outcome.js';
import type { TriageRun } from './triage-run.js';

/**
 * What was attached stands behind that case no more, also where somebody takes it up again: else one alert would be answered twice. The case that an alert
 * opened is taken up by that alert alone, so only its mark is taken off, for the alert is raised again. Called before the rows elsewhere are written.
 */
export async function leaveEndedCases(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<void> {
  if (run.known.size === 0) return;
  const attached = alerts.filter((alert) => {
    const outcome = run.known.get(alert)?.attached?.outcome;
    return outcome === ATTACHED || outcome === FLAGGED;
  });
  const left = attached.map((alert) => ({ alert, action: 'alert-left' as const }));
  await noteAlertSteps(tx, run, 'attached', left);
  if (attached.length > 0)
    await tx.execute(
      `UPDATE case_alerts a SET outcome = ${DROPPED} FROM unnest($1::bigint[], $2::bigint[]) AS v (origin, household_id)
        WHERE a.origin = v.origin AND a.household_id = v.household_id`,
      keysOf(run, attached),
    );
  for (const alert of attached) run.touchCase(run.known.get(alert)?.attached?.caseOrigin as number, alert);
  const marked = alerts.filter((alert) => run.known.get(alert)?.opened?.outcome === FLAGGED);
  const raised = marked.map((alert) => ({ alert, action: 'alert-raised-again' as const }));
  await noteAlertSteps(tx, run, 'opened', raised);
  if (marked.length > 0)
    await tx.execute(
      `UPDATE cases c SET alert_outcome = ${OPENED} FROM unnest($1::bigint[], $2::bigint[]) AS v (case_origin, household_id)
        WHERE c.case_origin = v.case_origin AND c.household_id = v.household_id`,
      keysOf(run, marked),
    );
  for (const alert of marked) run.touchCase(run.incoming.headOf(alert).origin, alert);
}

const keysOf = (run: TriageRun, alerts: readonly number[]): unknown[] => [
  alerts.map((alert) => run.incoming.headOf(alert).origin),
  run.householdsOf(alerts),
];
