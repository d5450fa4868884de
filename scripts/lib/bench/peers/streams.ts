/**
 * The same job as a Kafka Streams program: households and assessments from the services' own topics in a table of its own
 * (RocksDB), a shock judged against all of it, packed alerts on a topic, a JDBC sink for alerts and cases.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { topics } from '@fangpin/contracts';
import { databaseName, urlFor } from '@fangpin/persistence';
import { Kafka, logLevel, Partitioners, type Admin, type Producer } from 'kafkajs';
import type { Servers } from '../../servers/index.ts';
import type { BenchDatabases } from '../bench-databases.ts';
import { peakRssMb } from '../memory.ts';
import { waitFor } from '../wait.ts';
import { streamsRun, type Guarantee, type StreamsRun, type TimedRun } from './comparison.ts';
import type { JudgedShock } from './judged-shock.ts';
import type { LossModelDoor } from './loss-model.ts';
import { requireSameRows } from './same-rows.ts';
import { shockSheet } from './shock-sheet.ts';
import { jdbcUrl, propertiesOf, requireStreamsProgram } from './streams-program.ts';
import { RunTally, startStreams, type StreamsProcess } from './streams-process.ts';
import { emptyPeerTables, PEER_SCHEMA } from './tables.ts';

export interface StreamsOptions {
  servers: Servers;
  databases: BenchDatabases;
  shock: JudgedShock;
  door: LossModelDoor;
  households: number;
  runs: number;
  /** Our seconds. */
  ours: number;
  /** For settings, state and log. */
  dir: string;
  say: (line: string) => void;
}

const GUARANTEES: readonly Guarantee[] = ['at_least_once', 'exactly_once_v2'];
/** Under exactly-once what is read waits for a commit: one short enough costs less than the wait. */
const COMMIT_INTERVAL_MS: Readonly<Record<Guarantee, number>> = { at_least_once: 200, exactly_once_v2: 25 };
const ROWS_PER_BATCH = 5_000;
const RUN_MS = 180_000;
const LOAD_MS = 600_000;
/** The virtual machine compiles what runs often: the first shocks take three times as long. Ours has one. */
const WARM_UPS = 5;

/** Each guarantee in a process of its own, with state of its own, after warm-ups. */
export async function measureStreams(options: StreamsOptions): Promise<StreamsRun[]> {
  const classPath = requireStreamsProgram(options.say);
  const kafka = new Kafka({
    clientId: 'peer-streams',
    brokers: [options.servers.kafkaBrokers],
    logLevel: logLevel.ERROR,
  });
  const admin = kafka.admin();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  try {
    await admin.connect();
    await producer.connect();
    const results: StreamsRun[] = [];
    for (const guarantee of GUARANTEES)
      results.push(await measureGuarantee(guarantee, { ...options, classPath, admin, producer }));
    return results;
  } finally {
    await producer.disconnect();
    await admin.disconnect();
  }
}

interface Running extends StreamsOptions {
  classPath: string;
  admin: Admin;
  producer: Producer;
}

async function measureGuarantee(guarantee: Guarantee, options: Running): Promise<StreamsRun> {
  const { say, dir } = options;
  const application = `peer-${guarantee.replaceAll('_', '-')}`;
  const names = topicsOf(application);
  await options.admin.createTopics({
    topics: Object.values(names).map((topic) => ({ topic, numPartitions: topics.household.partitions })),
    waitForLeaders: true,
  });
  const folder = join(dir, application);
  mkdirSync(folder, { recursive: true });
  const settingsFile = join(folder, 'settings.properties');
  writeFileSync(settingsFile, settingsOf(guarantee, application, folder, options));
  const program = startStreams(options.classPath, settingsFile, join(folder, 'peer.log'));
  try {
    await program.ready();
    await Promise.race([hasRead(options.admin, application), program.failed]);
    const runs: TimedRun[] = [];
    for (let number = 1 - WARM_UPS; number <= options.runs; number += 1) {
      await emptyPeerTables(options.databases);
      const timed = await runOnce(`${application}/${number}`, names.shock, program, options);
      await requireSameRows(options.databases, 'Streams', options.households);
      say(
        `peer, Kafka Streams, ${guarantee}, ${number < 1 ? 'warm-up' : `run ${number}`}: ${timed.seconds.toFixed(3)} s`,
      );
      if (number >= 1) runs.push(timed);
    }
    return streamsRun(guarantee, runs, { ours: options.ours, peakRssMb: peakRssMb(program.pid) });
  } finally {
    await program.stop();
  }
}

function topicsOf(application: string): Record<'shock' | 'alert' | 'case', string> {
  return { shock: `${application}.shock.v1`, alert: `${application}.alert.v1`, case: `${application}.case.v1` };
}

function settingsOf(guarantee: Guarantee, application: string, folder: string, { servers }: Running): string {
  const names = topicsOf(application);
  return propertiesOf({
    brokers: servers.kafkaBrokers,
    application,
    guarantee,
    commitIntervalMs: COMMIT_INTERVAL_MS[guarantee],
    threads: availableParallelism(),
    rowsPerBatch: ROWS_PER_BATCH,
    householdTopic: topics.household.name,
    assessmentTopic: topics.assessment.name,
    shockTopic: names.shock,
    alertTopic: names.alert,
    caseTopic: names.case,
    jdbcUrl: jdbcUrl(urlFor(servers.databaseUrl, databaseName('risk-alerts'))),
    schema: PEER_SCHEMA,
    stateFolder: join(folder, 'state'),
  });
}

/** Waits until the program's own offsets have come to the end of households and assessments. */
async function hasRead(admin: Admin, groupId: string): Promise<void> {
  const followed = [topics.household.name, topics.assessment.name];
  const ends = new Map<string, bigint>();
  const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;
  for (const topic of followed)
    for (const { partition, high } of await admin.fetchTopicOffsets(topic))
      ends.set(placeOf(topic, partition), BigInt(high));
  await waitFor({ what: `${groupId} follows the register and incomes`, everyMs: 200, timeoutMs: LOAD_MS }, async () => {
    const groups = await admin.fetchOffsets({ groupId, topics: followed });
    const read = new Map(
      groups.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => [placeOf(topic, partition), BigInt(offset)] as const),
      ),
    );
    return [...ends].every(([key, end]) => end === 0n || (read.get(key) ?? -1n) >= end) ? true : undefined;
  });
}

/** One shock, to each partition of the table; timed by the clock of this one machine, as ours is. */
async function runOnce(
  run: string,
  topic: string,
  program: StreamsProcess,
  { shock, door, households, producer }: Running,
): Promise<TimedRun> {
  const tally = new RunTally(run);
  const value = shockSheet(run, shock, door);
  const messages = Array.from({ length: topics.household.partitions }, (_, partition) => ({ partition, value }));
  const forget = program.follow((report) => tally.add(report));
  try {
    const startMs = performance.timeOrigin + performance.now();
    await producer.send({ topic, acks: -1, messages });
    const done = waitFor({ what: 'the Streams peer', everyMs: 20, timeoutMs: RUN_MS }, () =>
      Promise.resolve(tally.ends(households)),
    );
    const { storedMs, acknowledgedMs } = await Promise.race([done, program.failed]);
    return { seconds: (acknowledgedMs - startMs) / 1_000, committedSeconds: (storedMs - startMs) / 1_000 };
  } finally {
    forget();
  }
}
