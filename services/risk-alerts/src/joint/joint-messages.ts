/** Joint alerts as messages: each is an origin of its own, and a message has one origin. Always of the bulk topic, which keeps their order. */
import { create } from '@bufbuild/protobuf';
import { AlertBatchSchema, alertTopicOf, JOINT_CAUSE, type AlertState } from '@fangpin/contracts';
import { composeDerivedId, originOf } from '@fangpin/domain-kit';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { UNKNOWN_INCOME } from '../fan-out/alert-batches.js';
import type { AlertRow } from '../fan-out/alert-rows.js';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import { underPolicy } from '@fangpin/policy';
import type { PolicyVersions } from '../policy/policy-versions.js';
import { addingOf, type StandingAlert } from '../episodes/joint-risk.rule.js';
import { causesOf } from './joint-verdict.rule.js';

/** They come by the thousand when a second shock strikes a county, and after all that somebody waits for. */
export const JOINT_TOPIC = alertTopicOf('bulk');

export interface StoredJointAlert extends AlertRow {
  readonly origin: number;
  readonly revision: number;
  readonly state: number;
  readonly policyVersion: string;
  readonly judgedOn: string;
  readonly parts: readonly StandingAlert[];
}

/**
 * The joint alerts of a slice as they are stored, in order of household. By the key of each: of a table just filled nothing is known, and
 * asked for by origin alone all that was ever alerted is read for each.
 */
export function storedJointAlerts(
  tx: Tx,
  { slice_no: sliceNo, origins }: { readonly slice_no: number; readonly origins: readonly number[] },
): Promise<StoredJointAlert[]> {
  return tx.query<StoredJointAlert & Record<string, unknown>>(
    `SELECT a.origin, a.household_id AS "householdId", a.duty_code AS "dutyCode", a.revision, a.state, a.persons, a.severity,
       a.loss_fen AS "lossFen", a.projected_fen AS "projectedFen", a.reasons, l.policy_version AS "policyVersion",
       l.judged_on::text AS "judgedOn", l.parts
     FROM (SELECT * FROM joint_alert_log WHERE origin = ANY($1::bigint[]) OFFSET 0) AS l
       CROSS JOIN LATERAL (
         SELECT * FROM alerts
         WHERE origin = l.origin AND household_id = l.household_id AND revision = l.revision AND slice_no = $2 OFFSET 0) AS a
     ORDER BY a.household_id, a.revision`,
    [arrayLiteral(origins), sliceNo],
  );
}

/** Each under the policy that it names. Its own id stands where that of a shock stands in other alerts. */
export async function jointMessages(
  alerts: readonly StoredJointAlert[],
  policies: Pick<PolicyVersions, 'get'>,
  raisedAt: Date,
): Promise<OutgoingMessage[]> {
  const messages: OutgoingMessage[] = [];
  for (const alert of alerts) {
    const { origin, householdId, policyVersion, judgedOn } = alert;
    const township = townshipCode(townshipOf(alert.dutyCode));
    const policy = await policies.get(policyVersion);
    const batch = create(AlertBatchSchema, {
      shockId: composeDerivedId({ origin, householdId }),
      origin: BigInt(origin),
      cause: JOINT_CAUSE,
      shockKind: causesOf(alert.parts).join('+'),
      revision: BigInt(alert.revision),
      state: alert.state as AlertState,
      policyVersion,
      judgedOn,
      raisedMs: BigInt(raisedAt.getTime()),
      township,
      // Taken back where the household has moved to a place without a line.
      lineFen: BigInt(underPolicy(() => policy.line(township, judgedOn).fen) ?? 0),
      householdIds: [BigInt(householdId)],
      dutyCodes: [BigInt(alert.dutyCode)],
      persons: [alert.persons],
      severities: [alert.severity],
      lossFen: [BigInt(alert.lossFen)],
      projectedFen: [BigInt(alert.projectedFen ?? UNKNOWN_INCOME)],
      reasons: [alert.reasons],
      subject: BigInt(subjectOf(alert.parts)),
      speaksUntil: judgedOn,
    });
    messages.push(encodeEvent(JOINT_TOPIC, batch, { key: township, at: raisedAt }));
  }
  return messages;
}

/**
 * What a joint alert is about: just these alerts together, and which of them add something. With another one among them, or one that adds
 * something only now, nobody has looked at it yet.
 */
function subjectOf(parts: readonly StandingAlert[]): number {
  const adding = new Set(addingOf(parts));
  const origins = [...new Set(parts.map(({ origin }) => origin))].sort((a, b) => a - b);
  const told = origins.map((origin) => (adding.has(origin) ? String(origin) : `${origin}-`));
  return originOf(told.join('+'), JOINT_CAUSE);
}
