/** Puts alerts below the case band on the villages' check lists; those of households that have left, whatever their band, as items that have ended by that. */
import { packRevision } from '@fangpin/domain-kit';
import { copyInto, type Tx } from '@fangpin/persistence';
import { checkItemStates } from '../check-items/check-item-states.js';
import type { SaidCheck } from '../check-items/said-checks.js';
import { checksOfAlerts, reachOfCheck } from '../check-items/standing-checks.js';
import { ANSWERED_BY_LEAVING, leavingEntries } from '../register/left-states.js';
import { LISTED } from './outcome.js';
import { rememberedChecks, type RememberedCheck } from './remembered-checks.js';
import { lastCheckRevision } from './triage-decision.js';
import type { TriageRun } from './triage-run.js';

const COPY_TARGET =
  'check_items (origin, household_id, duty_code, revision, alert_revision, listed_at, due_at, remembered_origin, persons, ' +
  'severity, checked_severity, outcome, state)';
const COLUMNS = 13;

/** `answered`: whose case was dismissed, which answers for them still; of the others a check of another alert may. */
export async function listCheckItems(
  tx: Tx,
  run: TriageRun,
  alerts: readonly number[],
  answered: readonly number[] = [],
): Promise<void> {
  if (alerts.length + answered.length === 0) return;
  const isFresh = (alert: number): boolean => run.known.get(alert)?.item === undefined;
  const fresh = alerts.filter(isFresh);
  const answers = fresh.length === 0 ? new Map<number, RememberedCheck>() : await rememberedChecks(tx, run, fresh);
  for (const alert of answered) answers.set(alert, ownCheck(run, alert));
  const all = [...alerts, ...answered];
  const again = all.filter((alert) => !isFresh(alert));
  if (again.length < all.length) await copyItems(tx, run, all.filter(isFresh), answers);
  if (again.length > 0) await relistItems(tx, run, again, answers);
  for (const alert of all) run.settle(alert, LISTED);
}

/** The dismissal of the alert's own case. */
function ownCheck(run: TriageRun, alert: number): RememberedCheck {
  const { opened, attached } = run.known.get(alert) ?? {};
  const check = opened?.ended?.check ?? attached?.ended?.check;
  if (check === null || check === undefined) throw new Error('an alert without a dismissed case is answered by none');
  return { origin: run.incoming.headOf(alert).origin, ...check };
}

async function copyItems(
  tx: Tx,
  run: TriageRun,
  alerts: readonly number[],
  remembered: ReadonlyMap<number, RememberedCheck>,
): Promise<void> {
  await copyInto(tx.client, COPY_TARGET, async (writer, flush) => {
    const { incoming } = run;
    const first = packRevision({ epoch: run.epoch, version: 1 });
    const listedMs = run.now.getTime();
    let written = 0;
    for (const alert of alerts) {
      const head = incoming.headOf(alert);
      const answer = remembered.get(alert);
      const revision = Math.max(first, lastCheckOf(run, alert) + 1);
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
      writer.int2(LISTED).int2(stateOf(run, alert, answer));
      if (answer !== undefined || run.away.size > 0) run.checked.push(...saidOf(run, alert, answer, revision));
      if ((written += 1) % 512 === 0) await flush();
    }
  });
}

/** A check that answers for the household answers also when it is back. */
function stateOf(run: TriageRun, alert: number, answer: RememberedCheck | undefined): number {
  if (answer !== undefined) return checkItemStates['no-risk'].code;
  const leaving = run.leavingOf(alert);
  return leaving === undefined ? checkItemStates.listed.code : leavingEntries[leaving].itemCode;
}

/** That a check, or its having left, answers for the household; nothing where neither does. */
function saidOf(run: TriageRun, alert: number, answer: RememberedCheck | undefined, revision: number): SaidCheck[] {
  const head = run.incoming.headOf(alert);
  const dutyCode = run.incoming.duty[alert] as number;
  const householdId = run.incoming.household[alert] as number;
  const of = { origin: head.origin, householdId, dutyCode, revision, alertRevision: head.revision };
  if (answer === undefined) {
    const leaving = run.leavingOf(alert);
    return leaving === undefined ? [] : [{ ...of, result: leaving, checkedOn: '', answeredUpTo: ANSWERED_BY_LEAVING }];
  }
  const { severity: checkedSeverity, checkedOn } = answer;
  const item = { dutyCode, severity: run.incoming.severity[alert] as number, checkedSeverity };
  return [{ ...of, result: 'no-risk', checkedOn, answeredUpTo: reachOfCheck(item, checkedOn, run.policy) }];
}

/** Results of a case come before those of the item: they share one order. */
function lastCheckOf(run: TriageRun, alert: number): number {
  const known = run.known.get(alert);
  return known === undefined ? 0 : lastCheckRevision(known);
}

/**
 * Items dropped by a recall that is itself taken back, found without risk too long ago or now materially worse, or of a case that has ended; with the
 * check that answers for them, if one does.
 */
async function relistItems(
  tx: Tx,
  run: TriageRun,
  alerts: readonly number[],
  answers: ReadonlyMap<number, RememberedCheck>,
): Promise<void> {
  const { incoming } = run;
  await tx.execute(
    `UPDATE check_items i SET state = v.state, outcome = $7,
            alert_revision = v.alert_revision, severity = v.severity, persons = v.persons, duty_code = v.duty_code,
            listed_at = $8, due_at = v.due_at, flagged_at = NULL, remembered_origin = v.remembered,
            checked_severity = coalesce(v.checked, i.checked_severity), revision = greatest(i.revision, v.last_check, $9) + 1
       FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::smallint[], $6::bigint[],
                   $10::timestamptz[], $11::bigint[], $12::smallint[], $13::bigint[], $14::smallint[])
            AS v (origin, household_id, alert_revision, severity, persons, duty_code, due_at, remembered, checked, last_check, state)
      WHERE i.origin = v.origin AND i.household_id = v.household_id`,
    [
      ...run.columnsOf(alerts),
      LISTED,
      run.now,
      run.epochBase,
      alerts.map((alert) => new Date(run.dueMs('check-item', alert))),
      alerts.map((alert) => answers.get(alert)?.origin ?? null),
      alerts.map((alert) => answers.get(alert)?.severity ?? null),
      alerts.map((alert) => lastCheckOf(run, alert)),
      alerts.map((alert) => stateOf(run, alert, answers.get(alert))),
    ],
  );
  const answered = alerts.filter((alert) => answers.has(alert) || run.leavingOf(alert) !== undefined);
  const origins = answered.map((alert) => incoming.headOf(alert).origin);
  run.checked.push(...(await checksOfAlerts(tx, origins, run.householdsOf(answered), run.policy)));
}
