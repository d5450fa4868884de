import { Inject, Injectable } from '@nestjs/common';
import { composeDerivedId, nextRevision, regionOfDuty, shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { topics } from '@fangpin/contracts';
import { Outbox } from '@fangpin/messaging';
import { Database, type Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK, epochOf, idempotent, requireMatch, type Caller } from '@fangpin/service-kit';
import { caseIdOf } from '../cases/case.repository.js';
import { readBody } from '../http/read-body.js';
import { checkerProblems, dayProblems } from '../http/visit-rules.js';
import { POLICY } from '../policy/policy.module.js';
import { lockRegister } from '../register/lock-register.js';
import { DueDates } from '../triage/due-dates.js';
import { TriagePolicy } from '../triage/triage-policy.js';
import { earliestVisits } from '../visits/earliest-visit.js';
import { CheckItemClosed } from './check-item.errors.js';
import { CheckItemEntity } from './check-item.entity.js';
import { checkItemStateOf, checkItemStates, isOpenItem, type CheckResult } from './check-item-states.js';
import { insertResults } from './check-results.js';
import { CheckResultRequest } from './dto/check-result.request.js';
import type { CheckResultResponse } from './dto/check-item.response.js';
import { ItemsOfVisit } from './items-of-visit.js';
import { checkMessages, type SaidCheck } from './said-checks.js';
import { reachOfCheck } from './standing-checks.js';
import { openCaseFromCheck, type Answered } from './open-case-from-check.js';

export interface RecordResultCommand {
  readonly id: string;
  readonly body: unknown;
  readonly caller: Caller;
  readonly ifMatch: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** "Nothing wrong here" is a finding about people: two have looked (rulebook §4.1 step 2). */
const LEAST_CHECKERS = { 'no-risk': 2, risk: 1, unreachable: 1 } as const;

/**
 * Writes down what a visit found of a listed household, for one item or for several of it; a risk becomes one case in the same
 * transaction.
 */
@Injectable()
export class RecordResult {
  private readonly triage: TriagePolicy;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly dueDates: DueDates,
    @Inject(POLICY) private readonly policy: PolicySet,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.triage = new TriagePolicy(policy);
  }

  execute({ id, body, caller, ifMatch, idempotencyKey: key }: RecordResultCommand): Promise<CheckResultResponse> {
    return this.database.transaction(caller.scope, async (tx) => {
      // A risk found opens a case: not while its household is noted as leaving.
      await lockRegister(tx, 'shared');
      const visited = await ItemsOfVisit.lock(tx, id, body);
      const { item } = visited;
      const route = `POST /v1/check-items/${id}/result`;
      const answer = await idempotent(tx, { key, route, caller, body: body ?? {} }, async () => {
        const state = checkItemStateOf(item.state);
        if (!isOpenItem(item.state)) throw new CheckItemClosed(state);
        if (ifMatch !== undefined) requireMatch(ifMatch, item.revision);
        return { status: 200, body: await this.record(tx, visited, body, caller) };
      });
      return answer.body;
    });
  }

  private async record(tx: Tx, visited: ItemsOfVisit, body: unknown, caller: Caller): Promise<CheckResultResponse> {
    const at = this.clock.now();
    const today = shanghaiDay(at);
    const { origin, householdId } = visited.item;
    const earliest = await earliestVisits(tx, householdId, visited.origins);
    const request = await readBody(CheckResultRequest, body, ({ result, checkers, checkedOn, alsoAnswers }) => [
      ...checkerProblems(checkers, LEAST_CHECKERS[result]),
      ...dayProblems('checkedOn', checkedOn, at, earliest.get(origin)),
      ...visited.problems(alsoAnswers, checkedOn ?? today, earliest),
    ]);
    const { result, reason, checkers, checkedOn = today } = request;
    const others = visited.others(request.alsoAnswers, result);
    const answered: Answered = [visited.item, ...others];
    await this.answer(tx, answered, result, at);
    await insertResults(tx, answered, { checkedOn, at, reason, checkers, caller });
    await this.outbox.add(tx, topics.case, checkMessages(answered.map((item) => this.said(item, result, checkedOn))));
    const context = { caller, at, policyVersion: this.policy.version, reason, checkers };
    const risk =
      result === 'risk' ? await openCaseFromCheck(tx, this.outbox, this.dueDates, answered, context) : undefined;
    return {
      id: composeDerivedId(visited.item),
      state: result,
      stateLabel: checkItemStates[result].label,
      caseId: risk === undefined ? null : caseIdOf(risk.found),
      caseOpened: risk?.opened ?? false,
      alsoAnswered: others.map(composeDerivedId),
    };
  }

  private async answer(tx: Tx, items: Answered, result: CheckResult, at: Date): Promise<void> {
    const epoch = await epochOf(tx);
    for (const item of items) {
      item.state = checkItemStates[result].code;
      item.checkedSeverity = item.severity;
      item.revision = nextRevision(epoch, item.revision);
      // Somebody has to come again: the clock starts anew.
      if (result === 'unreachable') item.dueAt = this.nextTry(item, at);
    }
    await tx.manager.save(CheckItemEntity, [...items]);
  }

  private said(item: CheckItemEntity, result: CheckResult, checkedOn: string): SaidCheck {
    const { origin, householdId, dutyCode, revision, alertRevision, severity } = item;
    const reach =
      result === 'no-risk'
        ? reachOfCheck({ dutyCode, severity, checkedSeverity: severity }, checkedOn, this.triage)
        : 0;
    return { origin, householdId, dutyCode, revision, alertRevision, result, checkedOn, answeredUpTo: reach };
  }

  private nextTry(item: CheckItemEntity, at: Date): Date {
    return new Date(this.dueDates.dueMs('check-item', regionOfDuty(item.dutyCode, 'township'), at.getTime()));
  }
}
