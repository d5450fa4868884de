import { Inject, Injectable } from '@nestjs/common';
import { nextState, NotFound, regionOfDuty, shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { Database, type Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK, idempotent, requireMatch, type Caller } from '@fangpin/service-kit';
import { rememberDismissal } from '../../check-items/remember-dismissal.js';
import { POLICY } from '../../policy/policy.module.js';
import { leavingOf } from '../../register/left-states.js';
import { DueDates } from '../../triage/due-dates.js';
import { earliestTelling } from '../../visits/earliest-visit.js';
import { findCaseAction } from '../case-actions.js';
import { reasonsAgainst } from '../case-guards.js';
import { lifecycle, type CaseAction } from '../case-lifecycle.js';
import { caseStateOf, isOpen } from '../case-states.js';
import { CaseEntity } from '../case.entity.js';
import { StepRefused } from '../case.errors.js';
import { lockCase } from '../case.repository.js';
import { readCase, type CaseDetail } from '../queries/read-case.js';
import { recordStep } from './record-step.js';
import { readStepBody } from './step-body.js';

export interface TakeStepCommand {
  readonly id: string;
  /** As the path has it; 404 where the life cycle knows no such action. */
  readonly action: string;
  readonly body: unknown;
  readonly caller: Caller;
  readonly ifMatch: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/**
 * Takes one step of a case: state and role are looked at before the body, history and event commit with it. A dismissal answers
 * the open check items of the household as well, and is remembered for every cause.
 */
@Injectable()
export class TakeStep {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly dueDates: DueDates,
    @Inject(POLICY) private readonly policy: PolicySet,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Answers the case after the step. */
  execute(command: TakeStepCommand): Promise<CaseDetail> {
    const { id, caller, body, idempotencyKey: key } = command;
    return this.database.transaction(caller.scope, async (tx) => {
      const current = await lockCase(tx, id);
      const action = findCaseAction(command.action);
      if (action === undefined) throw new NotFound('case action', command.action);
      const route = `POST /v1/cases/${id}/actions/${action}`;
      const { body: answer } = await idempotent(tx, { key, route, caller, body: body ?? {} }, async () => {
        await this.take(tx, current, action, command);
        return { status: 200, body: await readCase(tx, id, caller.role, this.clock.now()) };
      });
      return answer;
    });
  }

  private async take(tx: Tx, current: CaseEntity, action: CaseAction, command: TakeStepCommand): Promise<void> {
    const { caller } = command;
    const state = caseStateOf(current.state);
    const reasons = reasonsAgainst(action, state, caller.role, leavingOf(current.householdLeft));
    if (reasons.length > 0) throw new StepRefused(action, state, reasons);
    if (command.ifMatch !== undefined) requireMatch(command.ifMatch, current.revision);
    const at = this.clock.now();
    const { reason, checkers, toldOn } = await readStepBody(
      action,
      command.body,
      at,
      await earliestTelling(tx, current),
    );
    const to = nextState(lifecycle, state, action);
    if (isOpen(to)) current.dueAt = await this.identificationDue(tx, current);
    const policyVersion = this.policy.version;
    await recordStep(tx, this.outbox, current, { action, to, at, caller, policyVersion, reason, checkers, toldOn });
    if (action === 'dismiss')
      await rememberDismissal(tx, this.outbox, this.policy, current, {
        at,
        checkedOn: shanghaiDay(at),
        caller,
        reason: reason ?? '',
        checkers: checkers ?? [],
      });
  }

  /** Once the household is being looked at, the clock of the whole identification runs: from when the risk was found. */
  private async identificationDue(tx: Tx, current: CaseEntity): Promise<Date> {
    const [ref] = await tx.query<{ raised_at: Date }>('SELECT raised_at FROM triage_refs WHERE origin = $1', [
      current.caseOrigin,
    ]);
    const township = regionOfDuty(current.dutyCode, 'township');
    const from = (ref?.raised_at ?? current.openedAt).getTime();
    return new Date(this.dueDates.dueMs('identification', township, from));
  }
}
