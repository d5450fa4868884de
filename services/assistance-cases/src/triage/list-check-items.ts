/** Puts alerts below the case band on the villages' check lists. */
import { packRevision } from '@fangpin/domain-kit';
import { copyInto, type Tx } from '@fangpin/persistence';
import { checkItemStates } from '../check-items/check-item-states.js';
import type { SaidCheck } from '../check-items/said-checks.js';
import { reachOfCheck } from '../check-items/standing-checks.js';
import { LISTED } from './outcome.js';
import { rememberedChecks, type RememberedCheck } from './remembered-checks.js';
import type { TriageRun } from './triage-run.js';

const COPY_TARGET =
  'check_items (origin, household_id, duty_code, revision, alert_revision, listed_at, due_at, remembered_origin, persons, ' +
  'severity, checked_severity, outcome, state)';
const COLUMNS = 13;

export async function listCheckItems(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<void> {
  if (alerts.length === 0) return;
  const fresh = alerts.filter((alert) => run.known.get(alert)?.item === undefined);
  const again = alerts.filter((alert) => run.known.get(alert)?.item !== undefined);
  if (fresh.length > 0) await copyItems(tx, run, fresh, await rememberedChecks(tx, run, fresh));
  if (again.length > 0) await relistItems(tx, run, again);
  for (const alert of alerts) run.settle(alert, LISTED);
}

async function copyItems(
  tx: Tx,
  run: TriageRun,
  alerts: readonly number[],
  remembered: ReadonlyMap<number, RememberedCheck>,
): Promise<void> {
  await copyInto(tx.client, COPY_TARGET, async (writer, flush) => {
    const { incoming } = run;
    const revision = packRevision({ epoch: run.epoch, version: 1 });
    const listedMs = run.now.getTime();
    let written = 0;
    for (const alert of alerts) {
      const head = incoming.headOf(alert);
      const answer = remembered.get(alert);
      writer
        .row(COLUMNS)
        .int8(head.origin)
        .int8(incoming.household[alert] as number)
        .int8(incoming.duty[alert] as number)
        .int8(revision)
        .int8(head.revision)
        .timestamptz(listedMs)
        .timestamptz(run.dueMs('check-item', alert));
      if (answer === undefined) writer.nothing();
      else writer.int8(answer.origin);
      writer.int2(incoming.persons[alert] as number).int2(incoming.severity[alert] as number);
      if (answer === undefined) writer.nothing();
      else writer.int2(answer.severity);
      writer.int2(LISTED).int2(answer === undefined ? checkItemStates.listed.code : checkItemStates['no-risk'].code);
      if (answer !== undefined) run.checked.push(saidOf(run, alert, answer, revision));
      if ((written += 1) % 512 === 0) await flush();
    }
  });
}

function saidOf(run: TriageRun, alert: number, { severity, checkedOn }: RememberedCheck, revision: number): SaidCheck {
  const head = run.incoming.headOf(alert);
  const dutyCode = run.incoming.duty[alert] as number;
  const item = { dutyCode, severity: run.incoming.severity[alert] as number, checkedSeverity: severity };
  return {
    origin: head.origin,
    householdId: run.incoming.household[alert] as number,
    dutyCode,
    revision,
    alertRevision: head.revision,
    result: 'no-risk',
    checkedOn,
    answeredUpTo: reachOfCheck(item, checkedOn, run.policy),
  };
}

/** Items dropped by a recall that is itself taken back, or found without risk and now materially worse. */
async function relistItems(tx: Tx, run: TriageRun, alerts: readonly number[]): Promise<void> {
  const { incoming } = run;
  await tx.execute(
    `UPDATE check_items i SET state = $7, outcome = $8, alert_revision = v.alert_revision, severity = v.severity,
            persons = v.persons, duty_code = v.duty_code, listed_at = $9, due_at = v.due_at, flagged_at = NULL,
            remembered_origin = NULL, revision = greatest(i.revision, $10) + 1
       FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::smallint[], $6::bigint[],
                   $11::timestamptz[])
            AS v (origin, household_id, alert_revision, severity, persons, duty_code, due_at)
      WHERE i.origin = v.origin AND i.household_id = v.household_id`,
    [
      alerts.map((alert) => incoming.headOf(alert).origin),
      run.householdsOf(alerts),
      alerts.map((alert) => incoming.headOf(alert).revision),
      alerts.map((alert) => incoming.severity[alert]),
      alerts.map((alert) => incoming.persons[alert]),
      alerts.map((alert) => incoming.duty[alert]),
      checkItemStates.listed.code,
      LISTED,
      run.now,
      run.epochBase,
      alerts.map((alert) => new Date(run.dueMs('check-item', alert))),
    ],
  );
}
