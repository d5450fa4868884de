/** A check that found a risk: the household's open case takes it in, or one case opens for all items that the visit answered. */
import type { Outbox } from '@fangpin/messaging';
import { packRevision, regionOfDuty, shanghaiDay } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { epochOf, type Caller } from '@fangpin/service-kit';
import { CaseEntity } from '../cases/case.entity.js';
import { lockOpenCase } from '../cases/case.repository.js';
import { caseStateOf, caseStates } from '../cases/case-states.js';
import { recordStep } from '../cases/commands/record-step.js';
import { regimeOf } from '../cases/regime.js';
import { isStanding } from '../triage/outcome.js';
import type { DueDates } from '../triage/due-dates.js';
import { CaseOpenElsewhere } from './check-item.errors.js';
import type { CheckItemEntity } from './check-item.entity.js';

export interface CheckContext {
  readonly caller: Caller;
  readonly at: Date;
  readonly policyVersion: string;
  readonly reason: string;
  readonly checkers: readonly string[];
}

/** The items of one household that one visit answered; a case opens under the id of the first. */
export type Answered = readonly [CheckItemEntity, ...CheckItemEntity[]];

/**
 * Answers the case and whether this opened it. The alerts keep their answer (listed, or flagged where they were withdrawn): a
 * person opened the case, not the machine.
 * Refuses where the household has moved and its open case lies outside the caller's area (409).
 */
export async function openCaseFromCheck(
  tx: Tx,
  outbox: Outbox,
  dueDates: DueDates,
  items: Answered,
  context: CheckContext,
): Promise<{ found: CaseEntity; opened: boolean }> {
  const [first, ...others] = items;
  const open = await lockOpenCase(tx, first.householdId);
  const fresh = open === null ? await openRow(tx, items, dueDates, context.at) : null;
  // Another visit or triage may have opened one meanwhile.
  const found = open ?? fresh ?? (await lockOpenCase(tx, first.householdId));
  if (found === null) throw new CaseOpenElsewhere(first.householdId);
  const opened = found === fresh;
  await attach(tx, opened ? others : items, found, context.at);
  noteAlerts(found, items, opened, context.at);
  const step = opened
    ? ({ action: 'open-from-check', to: 'clue' } as const)
    : { action: 'attach-from-check', to: caseStateOf(found.state) };
  await recordStep(tx, outbox, found, { ...context, ...step });
  return { found, opened };
}

/** Severity is the worst of the alerts that stand; one that was withdrawn after an earlier try marks the case. */
function noteAlerts(found: CaseEntity, items: Answered, opened: boolean, at: Date): void {
  const standing = items.filter(({ outcome }) => isStanding(outcome)).map(({ severity }) => severity);
  if (standing.length > 0) found.severity = Math.max(...standing, ...(opened ? [] : [found.severity]));
  if (standing.length < items.length) found.flaggedAt ??= at;
}

async function attach(tx: Tx, items: readonly CheckItemEntity[], open: CaseEntity, at: Date): Promise<void> {
  if (items.length === 0) return;
  await tx.execute(
    `INSERT INTO case_alerts (origin, household_id, duty_code, alert_revision, severity, outcome, case_origin, attached_at)
     SELECT v.*, $7::bigint, $8::timestamptz
       FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::smallint[], $6::smallint[]) AS v
     ON CONFLICT (origin, household_id) DO UPDATE SET duty_code = excluded.duty_code, case_origin = excluded.case_origin,
            severity = excluded.severity, alert_revision = excluded.alert_revision, attached_at = excluded.attached_at,
            outcome = excluded.outcome`,
    [
      items.map(({ origin }) => origin),
      items.map(({ householdId }) => householdId),
      items.map(({ dutyCode }) => dutyCode),
      items.map(({ alertRevision }) => alertRevision),
      items.map(({ severity }) => severity),
      items.map(({ outcome }) => outcome),
      open.caseOrigin,
      at,
    ],
  );
}

/** The row of the case; one that a recall had ended before is taken up again. Nothing where the household has an open case. */
async function openRow(tx: Tx, [item]: Answered, dueDates: DueDates, at: Date): Promise<CaseEntity | null> {
  const { origin: caseOrigin, householdId, dutyCode, persons, severity } = item;
  const earlier = await tx.manager.findOne(CaseEntity, {
    where: { caseOrigin, householdId },
    lock: { mode: 'pessimistic_write' },
  });
  const dueAt = new Date(dueDates.dueMs('first-visit', regionOfDuty(dutyCode, 'township'), at.getTime()));
  const now = {
    dutyCode,
    persons,
    severity,
    alertSeverity: severity,
    alertOutcome: item.outcome,
    alertRevision: item.alertRevision,
    dueAt,
    flaggedAt: null,
    state: caseStates.clue.code,
    acted: true,
  };
  if (earlier !== null) return Object.assign(earlier, now);
  const fresh = tx.manager.create(CaseEntity, {
    ...now,
    caseOrigin,
    householdId,
    openedAt: at,
    regime: regimeOf(shanghaiDay(at)),
    revision: packRevision({ epoch: await epochOf(tx), version: 1 }),
  });
  // Waits for a case that is being opened at this moment, instead of breaking at the index that allows one.
  const { raw } = await tx.manager
    .createQueryBuilder()
    .insert()
    .into(CaseEntity)
    .values(fresh)
    .orIgnore()
    .returning('household_id')
    .execute();
  return Array.isArray(raw) && raw.length > 0 ? fresh : null;
}
