/** The peers of the fan-out benchmark: the same shock, households and servers, done in two other ways. */
import { Failure } from '../../failure.ts';
import type { Servers } from '../../servers/index.ts';
import type { BenchDatabases } from '../bench-databases.ts';
import { loopPeer, loopRun, streamsPeer, type Peers } from './comparison.ts';
import { readJudgedShock } from './judged-shock.ts';
import { loadLossModel } from './loss-model.ts';
import { measureLoop } from './loop.ts';
import { measureStreams } from './streams.ts';
import { makePeerTables } from './tables.ts';

export interface PeerOptions {
  servers: Servers;
  databases: BenchDatabases;
  /** The folder of the policy that the services ran under besides their own. */
  overlay: string;
  /** Of the shock that the services have just fanned out; its rows still stand in their tables. */
  origin: string;
  households: number;
  /** Median seconds of ours. */
  seconds: number;
  runs: number;
  dir: string;
  say: (line: string) => void;
}

const LOOP_SAMPLE = 3_000;
const LOOP_AT_ONCE = [1, 16];

/** Measures both; one that cannot be had is null, with the reason on standard error. */
export async function measurePeers(options: PeerOptions): Promise<Peers> {
  const { households, seconds: ours, say } = options;
  await makePeerTables(options.databases);
  const door = await loadLossModel();
  const shock = await readJudgedShock(options.databases, door, options);
  const parts = { ...options, door, shock, ours };
  const loop = await orNull('the loop', say, async () => {
    const sample = Math.min(LOOP_SAMPLE, households);
    const samples = await measureLoop({ ...parts, sample, concurrencies: LOOP_AT_ONCE });
    return loopPeer(samples.map((run) => loopRun(run, { households, ours })));
  });
  const streams = await orNull('Kafka Streams', say, async () => streamsPeer(await measureStreams(parts)));
  return { loop, streams };
}

async function orNull<T>(peer: string, say: (line: string) => void, measure: () => Promise<T>): Promise<T | null> {
  try {
    return await measure();
  } catch (error) {
    say(`peer, ${peer}: not measured: ${error instanceof Failure ? error.message : String((error as Error).stack)}`);
    return null;
  }
}
