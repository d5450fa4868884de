/** A check that found a risk: the household's open case takes it in, or a case opens under the item's own id. */
import type { Outbox } from '@fangpin/messaging';
import { packRevision, regionOfDuty, shanghaiDay } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { epochOf, type Caller } from '@fangpin/service-kit';
import { CaseEntity } from '../cases/case.entity.js';
import { caseStateOf, caseStates, FIRST_ENDED_CODE } from '../cases/case-states.js';
import { recordStep } from '../cases/commands/record-step.js';
import { regimeOf } from '../cases/regime.js';
import { LISTED } from '../triage/outcome.js';
import type { DueDates } from '../triage/due-dates.js';
import { LessThan } from 'typeorm';
import type { CheckItemEntity } from './check-item.entity.js';

export interface CheckContext {
  readonly caller: Caller;
  readonly at: Date;
  readonly policyVersion: string;
  readonly reason: string;
  readonly checkers: readonly string[];
}

/** Answers the case and whether this opened it. The alert stays answered as listed: a person opened the case, not the machine. */
export async function openCaseFromCheck(
  tx: Tx,
  outbox: Outbox,
  dueDates: DueDates,
  item: CheckItemEntity,
  context: CheckContext,
): Promise<{ found: CaseEntity; opened: boolean }> {
  const { householdId } = item;
  const open = await tx.manager.findOne(CaseEntity, {
    where: { householdId, state: LessThan(FIRST_ENDED_CODE) },
    lock: { mode: 'pessimistic_write' },
  });
  if (open !== null) {
    await attach(tx, item, open, context.at);
    open.severity = Math.max(open.severity, item.severity);
    await recordStep(tx, outbox, open, { ...context, action: 'attach-from-check', to: caseStateOf(open.state) });
    return { found: open, opened: false };
  }
  const found = await openRow(tx, item, dueDates, context.at);
  await recordStep(tx, outbox, found, { ...context, action: 'open-from-check', to: 'clue' });
  return { found, opened: true };
}

async function attach(tx: Tx, item: CheckItemEntity, open: CaseEntity, at: Date): Promise<void> {
  await tx.execute(
    `INSERT INTO case_alerts (origin, household_id, duty_code, case_origin, alert_revision, attached_at, severity, outcome)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (origin, household_id) DO UPDATE SET case_origin = excluded.case_origin, severity = excluded.severity,
            alert_revision = excluded.alert_revision, attached_at = excluded.attached_at, outcome = excluded.outcome`,
    [item.origin, item.householdId, item.dutyCode, open.caseOrigin, item.alertRevision, at, item.severity, LISTED],
  );
}

/** The row of the case; one that a recall had ended before is taken up again. */
async function openRow(tx: Tx, item: CheckItemEntity, dueDates: DueDates, at: Date): Promise<CaseEntity> {
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
    alertOutcome: LISTED,
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
  await tx.manager.insert(CaseEntity, fresh);
  return fresh;
}
