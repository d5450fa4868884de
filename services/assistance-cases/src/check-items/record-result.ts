import { Inject, Injectable } from '@nestjs/common';
import {
  composeDerivedId,
  nextRevision,
  NotFound,
  parseDerivedId,
  regionOfDuty,
  shanghaiDay,
  type Clock,
} from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { Database, type Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK, epochOf, idempotent, requireMatch, type Caller } from '@fangpin/service-kit';
import { caseIdOf } from '../cases/case.repository.js';
import { readBody } from '../http/read-body.js';
import { checkerProblems, dayProblems } from '../http/visit-rules.js';
import { POLICY } from '../policy/policy.module.js';
import { DueDates } from '../triage/due-dates.js';
import { CheckItemClosed } from './check-item.errors.js';
import { CheckItemEntity } from './check-item.entity.js';
import { checkItemStateOf, checkItemStates } from './check-item-states.js';
import { CheckResultRequest } from './dto/check-result.request.js';
import type { CheckResultResponse } from './dto/check-item.response.js';
import { openCaseFromCheck } from './open-case-from-check.js';

export interface RecordResultCommand {
  readonly id: string;
  readonly body: unknown;
  readonly caller: Caller;
  readonly ifMatch: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** "Nothing wrong here" is a finding about people: two have looked (rulebook §4.1 step 2). */
const LEAST_CHECKERS = { 'no-risk': 2, risk: 1, unreachable: 1 } as const;

/** Writes down what the check of a listed household found; a risk becomes a case in the same transaction. */
@Injectable()
export class RecordResult {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly dueDates: DueDates,
    @Inject(POLICY) private readonly policy: PolicySet,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  execute({ id, body, caller, ifMatch, idempotencyKey: key }: RecordResultCommand): Promise<CheckResultResponse> {
    return this.database.transaction(caller.scope, async (tx) => {
      const item = await lockItem(tx, id);
      const route = `POST /v1/check-items/${id}/result`;
      const answer = await idempotent(tx, { key, route, caller, body: body ?? {} }, async () => {
        const state = checkItemStateOf(item.state);
        if (state !== 'listed' && state !== 'unreachable') throw new CheckItemClosed(state);
        if (ifMatch !== undefined) requireMatch(ifMatch, item.revision);
        return { status: 200, body: await this.record(tx, item, body, caller) };
      });
      return answer.body;
    });
  }

  private async record(tx: Tx, item: CheckItemEntity, body: unknown, caller: Caller): Promise<CheckResultResponse> {
    const at = this.clock.now();
    const request = await readBody(CheckResultRequest, body, ({ result, checkers, checkedOn }) => [
      ...checkerProblems(checkers, LEAST_CHECKERS[result]),
      ...dayProblems('checkedOn', checkedOn, at),
    ]);
    const { result, reason, checkers, checkedOn = shanghaiDay(at) } = request;
    item.state = checkItemStates[result].code;
    item.checkedSeverity = item.severity;
    item.revision = nextRevision(await epochOf(tx), item.revision);
    // Somebody has to come again: the clock starts anew.
    if (result === 'unreachable') item.dueAt = this.nextTry(item, at);
    await tx.manager.save(CheckItemEntity, item);
    await insertResult(tx, item, { checkedOn, at, reason, checkers, caller });
    const context = { caller, at, policyVersion: this.policy.version, reason, checkers };
    const risk = result === 'risk' ? await openCaseFromCheck(tx, this.outbox, this.dueDates, item, context) : undefined;
    return {
      id: composeDerivedId(item),
      state: result,
      stateLabel: checkItemStates[result].label,
      caseId: risk === undefined ? null : caseIdOf(risk.found),
      caseOpened: risk?.opened ?? false,
    };
  }

  private nextTry(item: CheckItemEntity, at: Date): Date {
    return new Date(this.dueDates.dueMs('check-item', regionOfDuty(item.dutyCode, 'township'), at.getTime()));
  }
}

async function lockItem(tx: Tx, id: string): Promise<CheckItemEntity> {
  const { origin, householdId } = parseDerivedId(id);
  const found = await tx.manager.findOne(CheckItemEntity, {
    where: { origin, householdId },
    lock: { mode: 'pessimistic_write' },
  });
  if (found === null) throw new NotFound('check item', id);
  return found;
}

interface Finding {
  readonly checkedOn: string;
  readonly at: Date;
  readonly reason: string;
  readonly checkers: readonly string[];
  readonly caller: Caller;
}

async function insertResult(tx: Tx, item: CheckItemEntity, finding: Finding): Promise<void> {
  await tx.execute(
    `INSERT INTO check_results (origin, household_id, duty_code, revision, result, severity, checked_on, recorded_at,
                                reason, checkers, actor, actor_role)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      item.origin,
      item.householdId,
      item.dutyCode,
      item.revision,
      item.state,
      item.severity,
      finding.checkedOn,
      finding.at,
      finding.reason,
      finding.checkers,
      finding.caller.subject,
      finding.caller.role,
    ],
  );
}
