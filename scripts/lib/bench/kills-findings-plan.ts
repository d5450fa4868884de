/** Which findings a health insurance sends in a round, drawn from the seed, the round's number and the households that there are. */
import { shanghaiDay } from '@fangpin/domain-kit';
import { daysOf } from './kills-plan.ts';
import { randomOf, type Random } from '../seed/prng.ts';

/** One household's bills of a period, after refunds. */
export interface Bills {
  readonly householdId: number;
  readonly paidFen: number;
}

/** A finding that is pushed alone. Moments are shares of the usual way of a shock. */
export interface SingleFinding extends Bills {
  readonly moment: number;
  /** What is said of it so much later. */
  readonly then?: { readonly what: 'grown' | 'withdrawn'; readonly after: number };
}

export interface FindingsPlan {
  readonly occurredOn: string;
  /** First day of the period. Each round has its own, so that a household's finding of one round is another one in the next. */
  readonly since: string;
  readonly singles: readonly SingleFinding[];
  readonly sheet: {
    readonly rows: readonly Bills[];
    readonly moment: number;
    /** How long after it was taken it is taken back as a whole; absent in most rounds. */
    readonly withdrawnAfter?: number;
  };
}

const SINGLES = 40;
/** More than a batch works off in one transaction, so that it has a middle to be hit in. */
const SHEET_ROWS = 700;
/** Of few households, not all: a shock is to meet some that nobody else speaks of. */
const MOST_OF_HOUSEHOLDS = 0.5;
const DAY_MS = 86_400_000;
/** Policy takes the amounts of a year at most. */
const PERIODS = 360;
/** Below the threshold of every place, above it, and more than most can bear. */
const PAID_FEN = [
  [300_000, 2],
  [2_500_000, 3],
  [8_000_000, 5],
] as const;

/** `households` in a fixed order; `way`: how much longer than usual the round is. Refuses no number of households but none. */
export function planFindings(
  { seed, round, way }: { readonly seed: number; readonly round: number; readonly way: number },
  households: readonly number[],
  now: Date,
): FindingsPlan {
  const random = randomOf(`${seed}/${round}/findings`);
  const count = Math.min(SINGLES + SHEET_ROWS, Math.floor(households.length * MOST_OF_HOUSEHOLDS));
  const bills = drawn(households, count, random).map((householdId) => ({
    householdId,
    paidFen: random.pick(PAID_FEN),
  }));
  const alone = Math.min(SINGLES, Math.ceil(count / 2));
  const yesterday = now.getTime() - DAY_MS;
  const back = 1 + ((round + PERIODS) % PERIODS);
  const withdrawn = random.chance(0.3);
  return {
    occurredOn: shanghaiDay(new Date(yesterday - daysOf(round).found * DAY_MS)),
    since: shanghaiDay(new Date(yesterday - back * DAY_MS)),
    singles: bills.slice(0, alone).map((one) => single(one, random, way)),
    sheet: {
      rows: bills.slice(alone),
      moment: random.next() * 0.7 * way,
      ...(withdrawn && { withdrawnAfter: random.next() * way }),
    },
  };
}

function single(bills: Bills, random: Random, way: number): SingleFinding {
  const moment = random.next() * way;
  const after = random.next() * way;
  const what = random.pick<'grown' | 'withdrawn' | undefined>([
    ['grown', 15],
    ['withdrawn', 20],
    [undefined, 65],
  ]);
  return { ...bills, moment, ...(what !== undefined && { then: { what, after } }) };
}

/** So many of them, each once. */
function drawn(from: readonly number[], count: number, random: Random): number[] {
  const left = [...from];
  return Array.from({ length: count }, (_, i) => {
    const at = random.between(i, left.length - 1);
    const taken = left[at] as number;
    left[at] = left[i] as number;
    return taken;
  });
}
