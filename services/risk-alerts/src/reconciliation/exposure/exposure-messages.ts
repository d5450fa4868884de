/** The questions to the owners of the exposure. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ExposureQuestionSchema, topics, type VillageTally } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import { townshipCode } from '../../fan-out/township.js';
import { SUBJECT_CODES, type Subject } from './subjects.js';

export interface QuestionOf {
  readonly reconciliation: number;
  readonly subject: Subject;
  readonly township: number;
  readonly round: number;
}

/** Ids in one message, and profiles in one transaction of the owner's. */
const SAID_AT_ONCE = 2_000;

type Body = Exclude<MessageInitShape<typeof ExposureQuestionSchema>['body'], undefined>;

export function censusMessage(of: QuestionOf): OutgoingMessage {
  return question(of, { case: 'census', value: {} });
}

export function talliesMessage(
  of: QuestionOf,
  tallies: readonly VillageTally[],
  quietSeconds: number,
): OutgoingMessage {
  return question(of, {
    case: 'tallies',
    value: {
      villages: tallies.map(({ village }) => BigInt(village)),
      households: tallies.map(({ households }) => households),
      digests: tallies.map(({ digest }) => BigInt(digest)),
      quietSeconds,
    },
  });
}

/** One message for each two thousand households. */
export function sayAgainMessages(of: QuestionOf, ids: readonly number[]): OutgoingMessage[] {
  return Array.from({ length: Math.ceil(ids.length / SAID_AT_ONCE) }, (_, part) =>
    question(of, {
      case: 'sayAgain',
      value: { householdIds: ids.slice(part * SAID_AT_ONCE, (part + 1) * SAID_AT_ONCE).map(BigInt) },
    }),
  );
}

function question({ reconciliation, subject, township, round }: QuestionOf, body: Body): OutgoingMessage {
  const asked = create(ExposureQuestionSchema, {
    reconciliation: BigInt(reconciliation),
    round,
    subject: SUBJECT_CODES[subject],
    township: townshipCode(township),
    body,
  });
  return encodeEvent(topics.exposureQuestion, asked, { key: townshipCode(township) });
}
