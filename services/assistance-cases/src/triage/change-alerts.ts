/** Newer revisions of alerts that have rows already: noted where they stand, or withdrawn there. Set by set. */
import type { Tx } from '@fangpin/persistence';
import { checkItemStates } from '../check-items/check-item-states.js';
import { checksOfAlerts, onceCheckedOfAlerts } from '../check-items/standing-checks.js';
import { LEFT_ITEM_CODES } from '../register/left-states.js';
import { isJoint } from './joint-origin.js';
import { noteAlertSteps, type AlertStep } from './note-alert-steps.js';
import { ATTACHED, DROPPED, FLAGGED, isStanding, LISTED, OPENED } from './outcome.js';
import type { Place } from './triage-decision.js';
import type { TriageRun } from './triage-run.js';

const NO_RISK = checkItemStates['no-risk'].code;

type StoredPlace = Exclude<Place, 'withdrawal'>;

/** An alert whose row changes; `outcome` is its answer. */
export interface AlertChange {
  readonly alert: number;
  readonly place: StoredPlace;
  readonly outcome: number;
}

/** What a raised alert is answered where it stands already. */
export const standingOutcome: Readonly<Record<StoredPlace, number>> = {
  opened: OPENED,
  attached: ATTACHED,
  item: LISTED,
};

const KEYS_AND_VALUES = `unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::smallint[], $6::smallint[],
                               $7::bigint[])
                         AS v (origin, household_id, alert_revision, outcome, severity, persons, duty_code)`;

// A withdrawn revision says nothing about severity and persons: what was known stays. That what several causes are together ends is what a check without
// risk does, and no news to those who made it.
const UPDATES: Readonly<Record<StoredPlace, string>> = {
  opened: `UPDATE cases c SET alert_revision = v.alert_revision, alert_outcome = v.outcome,
                  alert_severity = coalesce(v.severity, c.alert_severity), persons = coalesce(v.persons, c.persons),
                  duty_code = v.duty_code
             FROM ${KEYS_AND_VALUES} WHERE c.case_origin = v.origin AND c.household_id = v.household_id`,
  attached: `UPDATE case_alerts a SET alert_revision = v.alert_revision, outcome = v.outcome,
                    severity = coalesce(v.severity, a.severity), duty_code = v.duty_code
               FROM ${KEYS_AND_VALUES} WHERE a.origin = v.origin AND a.household_id = v.household_id`,
  item: `UPDATE check_items i SET alert_revision = v.alert_revision, outcome = v.outcome,
                severity = coalesce(v.severity, i.severity), persons = coalesce(v.persons, i.persons),
                duty_code = v.duty_code, state = CASE WHEN v.outcome = ${DROPPED} AND i.state NOT IN (${LEFT_ITEM_CODES.join(', ')}) THEN $8 ELSE i.state END,
                flagged_at = CASE WHEN v.outcome = ${FLAGGED} AND NOT (i.state = ${NO_RISK} AND ${isJoint('i.origin')})
                                  THEN coalesce(i.flagged_at, $9) END,
                revision = greatest(i.revision, $10) + 1
           FROM ${KEYS_AND_VALUES} WHERE i.origin = v.origin AND i.household_id = v.household_id`,
};

export async function changeAlerts(tx: Tx, run: TriageRun, changes: readonly AlertChange[]): Promise<void> {
  for (const [place, ofPlace] of Map.groupBy(changes, (change) => change.place)) {
    await noteAlertSteps(tx, run, place, stepsOf(run, place, ofPlace));
    const values = columnsOf(run, ofPlace);
    const more = place === 'item' ? [checkItemStates.dropped.code, run.now, run.epochBase] : [];
    await tx.execute(UPDATES[place], [...values, ...more]);
    for (const { alert, outcome } of ofPlace) settle(run, alert, place, outcome);
    if (place === 'item') await sayChecks(tx, run, ofPlace);
  }
}

/** Those that stood and are withdrawn, and those that were withdrawn and stand again. */
function stepsOf(run: TriageRun, place: StoredPlace, changes: readonly AlertChange[]): AlertStep[] {
  return changes.flatMap(({ alert, outcome }): AlertStep[] => {
    const stands = isStanding(outcome);
    const before = run.known.get(alert)?.[place]?.outcome;
    if (before === undefined || isStanding(before) === stands) return [];
    return [{ alert, action: stands ? 'alert-raised-again' : 'alert-withdrawn' }];
  });
}

/** A newer revision that asks for no visit is answered by the check that was there: that is said of it as well. */
async function sayChecks(tx: Tx, run: TriageRun, changes: readonly AlertChange[]): Promise<void> {
  const answered = changes
    .filter(({ alert, outcome }) => outcome === LISTED && run.known.get(alert)?.item?.state === NO_RISK)
    .map(({ alert }) => alert);
  const origins = answered.map((alert) => run.incoming.headOf(alert).origin);
  run.checked.push(...(await checksOfAlerts(tx, origins, run.householdsOf(answered), run.policy)));
}

/**
 * An alert whose item a check answered for, and that is listed again or has become a case: that the check answers for it no more. risk-alerts
 * cannot know it by the severity alone: how far the check answered was reckoned by the policy of its day, and policy has changed since, or the
 * check was of another alert. Called once items and cases are written.
 */
export async function sayUnanswered(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<void> {
  const grown = alerts.filter((alert) => run.known.get(alert)?.item?.state === NO_RISK);
  const origins = grown.map((alert) => run.incoming.headOf(alert).origin);
  run.checked.push(...(await onceCheckedOfAlerts(tx, origins, run.householdsOf(grown))));
}

function columnsOf(run: TriageRun, changes: readonly AlertChange[]): unknown[] {
  const { incoming } = run;
  const whileRaised = (alert: number, value: number | undefined) =>
    incoming.headOf(alert).withdrawn ? null : (value ?? null);
  return [
    changes.map(({ alert }) => incoming.headOf(alert).origin),
    changes.map(({ alert }) => incoming.household[alert]),
    changes.map(({ alert }) => incoming.headOf(alert).revision),
    changes.map(({ outcome }) => outcome),
    changes.map(({ alert }) => whileRaised(alert, incoming.severity[alert])),
    changes.map(({ alert }) => whileRaised(alert, incoming.persons[alert])),
    changes.map(({ alert }) => incoming.duty[alert]),
  ];
}

function settle(run: TriageRun, alert: number, place: StoredPlace, outcome: number): void {
  if (place === 'item') return run.settle(alert, outcome);
  const caseOrigin =
    place === 'opened' ? run.incoming.headOf(alert).origin : (run.known.get(alert)?.attached?.caseOrigin ?? 0);
  run.settle(alert, outcome, caseOrigin);
  run.touchCase(caseOrigin, alert);
}

/** Items of alerts that have grown into cases. */
export async function closeItemsAsRisk(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<void> {
  if (alerts.length === 0) return;
  await tx.execute(
    `UPDATE check_items i SET state = $3, revision = greatest(i.revision, $4) + 1
       FROM unnest($1::bigint[], $2::bigint[]) AS v (origin, household_id)
      WHERE i.origin = v.origin AND i.household_id = v.household_id AND i.state < 100`,
    [
      alerts.map((alert) => run.incoming.headOf(alert).origin),
      run.householdsOf(alerts),
      checkItemStates.risk.code,
      run.epochBase,
    ],
  );
}

/** Withdrawals of alerts that never came: kept, so that the alert itself is ignored when it comes late. */
export async function rememberWithdrawals(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<void> {
  if (alerts.length === 0) return;
  const { incoming } = run;
  await tx.execute(
    `INSERT INTO withdrawals (origin, household_id, duty_code, alert_revision, received_at)
     SELECT v.*, $5::timestamptz FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS v
     ON CONFLICT (origin, household_id) DO UPDATE
       SET alert_revision = excluded.alert_revision, received_at = excluded.received_at`,
    [
      alerts.map((alert) => incoming.headOf(alert).origin),
      run.householdsOf(alerts),
      alerts.map((alert) => incoming.duty[alert]),
      alerts.map((alert) => incoming.headOf(alert).revision),
      run.now,
    ],
  );
  for (const alert of alerts) run.settle(alert, DROPPED);
}
