/**
 * Alerts of findings as messages. Each finding is an origin of its own, and a message has one origin: so a message is one
 * household, and many of them go in one send.
 */
import { create } from '@bufbuild/protobuf';
import { AlertBatchSchema, type AlertBatch, type AlertState, type Topic } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { UNKNOWN_INCOME } from '../fan-out/alert-batches.js';
import type { AlertRow } from '../fan-out/alert-rows.js';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import type { PolicyVersions } from '../policy/policy-versions.js';
import { extentOf } from './finding-extent.rule.js';
import type { FindingFacts } from './finding-facts.js';

export interface FindingAlert extends AlertRow {
  readonly origin: number;
  readonly revision: number;
  readonly state: number;
  readonly facts: FindingFacts;
  readonly policyVersion: string;
}

/** `policy` is the version that the alert names. The finding stands where a shock stands in other alerts. */
function findingMessage(
  alert: FindingAlert,
  topic: Topic<AlertBatch>,
  policy: PolicySet,
  raisedAt: Date,
): OutgoingMessage {
  const township = townshipCode(townshipOf(alert.dutyCode));
  const { findingId, kind, occurredOn, subject, beganOn } = alert.facts;
  const { extent, asksAgainFrom } = extentOf(alert.facts, policy, township);
  const batch = create(AlertBatchSchema, {
    shockId: findingId,
    origin: BigInt(alert.origin),
    cause: kind.cause,
    shockKind: kind.key,
    revision: BigInt(alert.revision),
    state: alert.state as AlertState,
    policyVersion: alert.policyVersion,
    judgedOn: occurredOn,
    raisedMs: BigInt(raisedAt.getTime()),
    township,
    lineFen: BigInt(underPolicy(() => policy.line(township, occurredOn).fen) ?? 0),
    householdIds: [BigInt(alert.householdId)],
    dutyCodes: [BigInt(alert.dutyCode)],
    persons: [alert.persons],
    severities: [alert.severity],
    lossFen: [BigInt(alert.lossFen)],
    projectedFen: [BigInt(alert.projectedFen ?? UNKNOWN_INCOME)],
    reasons: [alert.reasons],
    subject: BigInt(subject),
    beganOn,
    speaksUntil: occurredOn,
    extent: BigInt(extent),
    asksAgainFrom: BigInt(asksAgainFrom),
  });
  return encodeEvent(topic, batch, { key: township, at: raisedAt });
}

/** The messages of some alerts, each under the policy that it names. */
export async function findingMessages(
  alerts: readonly FindingAlert[],
  topic: Topic<AlertBatch>,
  policies: Pick<PolicyVersions, 'get'>,
  raisedAt: Date,
): Promise<OutgoingMessage[]> {
  const messages: OutgoingMessage[] = [];
  for (const alert of alerts)
    messages.push(findingMessage(alert, topic, await policies.get(alert.policyVersion), raisedAt));
  return messages;
}
