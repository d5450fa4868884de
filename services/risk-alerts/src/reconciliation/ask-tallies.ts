/** Asks assistance-cases whether it holds the same answers. */
import { create } from '@bufbuild/protobuf';
import { AnswerTallySchema, topics } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import { townshipCode } from '../fan-out/township.js';
import type { Tally } from './tally-sql.js';

/** Joint alerts that the question does not name, raised since, with origins above one and up to another. */
export interface AskedOthers {
  readonly sinceMs: number;
  readonly above: number;
  readonly upTo: number;
}

export interface AskedTally extends Pick<Tally, 'origin' | 'township' | 'households' | 'hash'> {
  /** Of findings or joint alerts that are compared together. */
  readonly origins?: readonly number[] | null;
  readonly others?: AskedOthers | null;
  /** Null where checks are not compared. */
  readonly checked: Pick<Tally, 'checks' | 'checksHash'> | null;
}

export function tallyMessages(
  reconciliation: number,
  tallies: readonly AskedTally[],
  shockIds: ReadonlyMap<number, string>,
): OutgoingMessage[] {
  return tallies.map(({ origin, township, households, hash, origins, others, checked }) => {
    const tally = create(AnswerTallySchema, {
      reconciliation: BigInt(reconciliation),
      shockId: shockIds.get(origin) ?? '',
      origin: BigInt(origin),
      township: townshipCode(township),
      households,
      hash,
      origins: (origins ?? []).map(BigInt),
      ...(others && {
        othersSinceMs: BigInt(others.sinceMs),
        othersAbove: BigInt(others.above),
        othersUpTo: BigInt(others.upTo),
      }),
      ...(checked && { checks: checked.checks, checksHash: checked.checksHash }),
    });
    return encodeEvent(topics.answerTally, tally, { key: townshipCode(township) });
  });
}
