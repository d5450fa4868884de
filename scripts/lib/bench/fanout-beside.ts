/** The fan-out alternately alone and beside other work, each time on empty tables. */
import type { Beside, BesideCounts, BesideLine, BesideName } from './beside.ts';
import { median, rounded } from './statistics.ts';

export interface BesideParts {
  readonly what: BesideName;
  readonly beside: Beside;
  readonly runs: number;
  /** Empties the tables, strikes, and answers the seconds to the last case; `started` runs before the shock is sent. */
  readonly strike: (number: number, started?: () => Promise<void>) => Promise<number>;
  /** Waits until nothing of a run is left. */
  readonly settled: () => Promise<void>;
  readonly say: (line: string) => void;
}

export async function measureBeside({ what, beside, runs, strike, settled, say }: BesideParts): Promise<BesideLine> {
  const measured: BesideLine['runs'][number][] = [];
  // Once uncounted: what runs beside compiles its loops too.
  const strikeBeside = async (number: number): Promise<{ seconds: number; counts: BesideCounts }> => {
    const seconds = await strike(number, () => beside.start());
    const counts = await beside.stop();
    await settled();
    return { seconds, counts };
  };
  await strikeBeside(0);
  for (let number = 1; number <= runs; number += 1) {
    const alone = await strike(2 * number);
    await settled();
    const { seconds, counts } = await strikeBeside(2 * number + 1);
    say(`${what} ${number}: alone ${alone} s, beside ${seconds} s`);
    measured.push({ alone, beside: seconds, counts });
  }
  const aloneSeconds = rounded(median(measured.map((run) => run.alone)));
  const besideSeconds = rounded(median(measured.map((run) => run.beside)));
  return {
    what,
    aloneSeconds,
    besideSeconds,
    ratio: Math.round((besideSeconds / aloneSeconds) * 100) / 100,
    counts: sumOf(measured.map(({ counts }) => counts)),
    runs: measured,
  };
}

function sumOf(all: readonly BesideCounts[]): BesideCounts {
  const sum: Record<string, number> = {};
  for (const counts of all) for (const [name, n] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + n;
  return sum;
}
