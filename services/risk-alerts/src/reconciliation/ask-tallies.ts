/** Asks assistance-cases whether it holds the same answers. */
import { create } from '@bufbuild/protobuf';
import { AnswerTallySchema, topics } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import { townshipCode } from '../fan-out/township.js';
import type { Tally } from './tally-sql.js';

export function tallyMessages(
  reconciliation: number,
  tallies: readonly Pick<Tally, 'origin' | 'township' | 'households' | 'hash'>[],
  shockIds: ReadonlyMap<number, string>,
): OutgoingMessage[] {
  return tallies.map(({ origin, township, households, hash }) => {
    const tally = create(AnswerTallySchema, {
      reconciliation: BigInt(reconciliation),
      shockId: shockIds.get(origin) ?? '',
      origin: BigInt(origin),
      township: townshipCode(township),
      households,
      hash,
    });
    return encodeEvent(topics.answerTally, tally, { key: townshipCode(township) });
  });
}
