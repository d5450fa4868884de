/** How a peer's time stands beside ours. */
import { median, rounded } from '../statistics.ts';

export interface LoopRun {
  concurrency: number;
  sample: number;
  /** For the sample. */
  seconds: number;
  /** For all households, at the same pace. */
  scaledSeconds: number;
  timesSlower: number;
}

/** The loop's faster way, and each way it was run. */
export interface LoopPeer extends LoopRun {
  runs: LoopRun[];
}

/** What Kafka Streams promises (`processing.guarantee`). */
export type Guarantee = 'at_least_once' | 'exactly_once_v2';

export interface StreamsRun {
  guarantee: Guarantee;
  /** From the send of the shock to the last case committed and its event acknowledged: median of `runs`. */
  seconds: number;
  /** To the last case committed. */
  committedSeconds: number;
  timesSlower: number;
  peakRssMb: number;
  runs: number[];
}

/** The program's faster way, and each way it was run. */
export interface StreamsPeer extends Omit<StreamsRun, 'runs'> {
  guarantees: StreamsRun[];
}

/** Null where a peer could not be had; the reason is on standard error. */
export interface Peers {
  loop: LoopPeer | null;
  streams: StreamsPeer | null;
}

/** `ours` is our seconds for all `households`. Refuses an empty sample. */
export function loopRun(
  run: { concurrency: number; sample: number; seconds: number },
  { households, ours }: { households: number; ours: number },
): LoopRun {
  if (run.sample < 1) throw new RangeError('a sample of no household says nothing');
  const scaledSeconds = rounded((run.seconds / run.sample) * households);
  return { ...run, seconds: rounded(run.seconds), scaledSeconds, timesSlower: times(scaledSeconds, ours) };
}

export function loopPeer(runs: readonly LoopRun[]): LoopPeer {
  return { ...fastest(runs, (run) => run.scaledSeconds), runs: [...runs] };
}

export interface TimedRun {
  seconds: number;
  committedSeconds: number;
}

export function streamsRun(
  guarantee: Guarantee,
  runs: readonly TimedRun[],
  { ours, peakRssMb }: { ours: number; peakRssMb: number },
): StreamsRun {
  const seconds = rounded(median(runs.map((run) => run.seconds)));
  return {
    guarantee,
    seconds,
    committedSeconds: rounded(median(runs.map((run) => run.committedSeconds))),
    timesSlower: times(seconds, ours),
    peakRssMb,
    runs: runs.map((run) => rounded(run.seconds)),
  };
}

export function streamsPeer(guarantees: readonly StreamsRun[]): StreamsPeer {
  const { runs: _, ...best } = fastest(guarantees, (run) => run.seconds);
  return { ...best, guarantees: [...guarantees] };
}

function fastest<T>(runs: readonly T[], secondsOf: (run: T) => number): T {
  const [best] = [...runs].sort((a, b) => secondsOf(a) - secondsOf(b));
  if (best === undefined) throw new RangeError('there is no fastest of nothing');
  return best;
}

/** To two places. */
function times(theirs: number, ours: number): number {
  return Math.round((theirs / ours) * 100) / 100;
}

/** For people, a line a peer. */
export function textOfPeers({ loop, streams }: Peers): string {
  const loops = (loop?.runs ?? []).map(
    ({ concurrency, sample, seconds, scaledSeconds, timesSlower }) =>
      `peer, loop with an ORM, ${concurrency} at once: ${sample} households in ${seconds} s, all in ${scaledSeconds} s, ${timesSlower} times ours`,
  );
  const programs = (streams?.guarantees ?? []).map(
    ({ guarantee, seconds, timesSlower }) =>
      `peer, Kafka Streams, ${guarantee}: ${seconds} s, ${timesSlower} times ours`,
  );
  if (loop === null) loops.push('peer, loop with an ORM: could not be measured');
  if (streams === null) programs.push('peer, Kafka Streams: could not be measured');
  return [...loops, ...programs].join('\n');
}
