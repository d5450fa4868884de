/** Asks assistance-cases whether it holds the same answers. */
import { create } from '@bufbuild/protobuf';
import { AnswerTallySchema, topics } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import { townshipCode } from '../fan-out/township.js';
import type { Tally } from './tally-sql.js';

/** `origins`: of findings that are compared together. */
export type AskedTally = Pick<Tally, 'origin' | 'township' | 'households' | 'hash'> & {
  readonly origins?: readonly number[] | null;
};

export function tallyMessages(
  reconciliation: number,
  tallies: readonly AskedTally[],
  shockIds: ReadonlyMap<number, string>,
): OutgoingMessage[] {
  return tallies.map(({ origin, township, households, hash, origins }) => {
    const tally = create(AnswerTallySchema, {
      reconciliation: BigInt(reconciliation),
      shockId: shockIds.get(origin) ?? '',
      origin: BigInt(origin),
      township: townshipCode(township),
      households,
      hash,
      origins: (origins ?? []).map(BigInt),
    });
    return encodeEvent(topics.answerTally, tally, { key: townshipCode(township) });
  });
}
