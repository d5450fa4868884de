/** The reply to a question of risk-alerts: how the own rows add up. */
import { create } from '@bufbuild/protobuf';
import { AnswersTalliedSchema, CaseEventSchema, topics, type AnswerTally } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { otherJoints } from './other-joints.js';
import type { OwnTally } from './own-tallies.js';

/** What was asked, and how it compares with the own rows. */
export interface Question {
  readonly asked: AnswerTally;
  readonly own: OwnTally;
  readonly sameAnswers: boolean;
  /** Answers and, where they are asked for, checks. */
  readonly agreed: boolean;
}

/** Answers, checks and reply travel in one partition, in this order: who has read the reply has read what was said before it. */
export async function replyTo(tx: Tx, { asked, own, agreed }: Question): Promise<OutgoingMessage> {
  const { origin, township, reconciliation, shockId } = asked;
  const others = await otherJoints(tx, asked);
  const tallied = create(AnswersTalliedSchema, {
    ...{ reconciliation, shockId, origin, township, households: own.households, hash: own.hash, agreed },
    ...(asked.checksHash !== undefined && { checks: own.checks, checksHash: own.checksHash }),
    otherOrigins: others.map((one) => BigInt(one.origin)),
    otherHouseholdIds: others.map((one) => BigInt(one.household_id)),
  });
  return encodeEvent(topics.case, create(CaseEventSchema, { body: { case: 'tallied', value: tallied } }), {
    key: township,
  });
}
