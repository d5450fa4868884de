/** Writes a person's step: the case row, its history and its event, in the caller's transaction. */
import { create } from '@bufbuild/protobuf';
import { CaseEventSchema, topics } from '@fangpin/contracts';
import { nextRevision, regionOfDuty, shanghaiDay } from '@fangpin/domain-kit';
import { encodeEvent, type Outbox, type OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { epochOf, type Caller } from '@fangpin/service-kit';
import { CaseStepEntity } from '../case-step.entity.js';
import { caseStates, type CaseState } from '../case-states.js';
import { CaseEntity } from '../case.entity.js';
import { caseIdOf } from '../case.repository.js';
import { regimeOf } from '../regime.js';

export interface Step {
  readonly action: string;
  readonly to: CaseState;
  readonly at: Date;
  readonly caller: Pick<Caller, 'subject' | 'role'>;
  readonly policyVersion: string;
  readonly reason?: string | undefined;
  readonly checkers?: readonly string[] | undefined;
  readonly toldOn?: string | undefined;
}

/** Moves the case; `current` is changed and is the case after the step. */
export async function recordStep(tx: Tx, outbox: Outbox, current: CaseEntity, step: Step): Promise<void> {
  const fromState = current.state;
  current.state = caseStates[step.to].code;
  current.acted = true;
  current.revision = nextRevision(await epochOf(tx), current.revision);
  await tx.manager.save(CaseEntity, current);
  await tx.manager.insert(CaseStepEntity, {
    caseOrigin: current.caseOrigin,
    householdId: current.householdId,
    revision: current.revision,
    dutyCode: current.dutyCode,
    steppedAt: step.at,
    action: step.action,
    fromState,
    toState: current.state,
    severity: current.severity,
    regime: regimeOf(shanghaiDay(step.at)),
    policyVersion: step.policyVersion,
    actor: step.caller.subject,
    actorRole: step.caller.role,
    reason: step.reason ?? null,
    checkers: step.checkers === undefined ? null : [...step.checkers],
    toldOn: step.toldOn ?? null,
  });
  await outbox.add(tx, topics.case, [stepMessage(current, step)]);
}

/** A case as far as an event of a step names it. */
export type SteppedCase = Pick<CaseEntity, 'caseOrigin' | 'householdId' | 'dutyCode' | 'revision'>;

/** Where the case stands now, as it is said. */
export function stepMessage(
  current: SteppedCase,
  { action, to, at }: Pick<Step, 'action' | 'to' | 'at'>,
): OutgoingMessage {
  const event = create(CaseEventSchema, {
    body: {
      case: 'stepped',
      value: {
        caseId: caseIdOf(current),
        householdId: BigInt(current.householdId),
        dutyCode: BigInt(current.dutyCode),
        revision: BigInt(current.revision),
        state: to,
        action,
        steppedMs: BigInt(at.getTime()),
      },
    },
  });
  return encodeEvent(topics.case, event, { key: regionOfDuty(current.dutyCode, 'township'), at });
}
