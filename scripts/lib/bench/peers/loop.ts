/**
 * The plain peer: a loop over households, each with its exposure read, its verdict, one ORM transaction that saves alert and
 * case, and one send that waits for all replicas.
 */
import { topics } from '@fangpin/contracts';
import { databaseName, urlFor } from '@fangpin/persistence';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { DataSource } from 'typeorm';
import type { Servers } from '../../servers/index.ts';
import type { BenchDatabases } from '../bench-databases.ts';
import { inStep } from './in-step.ts';
import type { JudgedShock } from './judged-shock.ts';
import { oneHousehold } from './loop-household.ts';
import type { LossModelDoor } from './loss-model.ts';
import { alertRows, caseRows, exposureRows } from './orm-rows.ts';
import { requireSameRows } from './same-rows.ts';
import { emptyPeerTables } from './tables.ts';

export interface LoopOptions {
  servers: Servers;
  databases: BenchDatabases;
  shock: JudgedShock;
  door: LossModelDoor;
  sample: number;
  concurrencies: readonly number[];
  say: (line: string) => void;
}

export interface LoopSample {
  concurrency: number;
  sample: number;
  seconds: number;
}

const TOPIC = 'peer.loop.alert.v1';
const WARM_UP = 300;

/** Each concurrency over the same sample, into empty tables, after a warm-up. */
export async function measureLoop(options: LoopOptions): Promise<LoopSample[]> {
  const { servers, databases, say } = options;
  const most = Math.max(...options.concurrencies);
  const exposure = exposureRows(await liveSet(databases));
  const source = new DataSource({
    type: 'postgres',
    url: urlFor(servers.databaseUrl, databaseName('risk-alerts')),
    entities: [alertRows, caseRows, exposure],
    extra: { max: most },
  });
  const kafka = new Kafka({ clientId: 'peer-loop', brokers: [servers.kafkaBrokers], logLevel: logLevel.ERROR });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  try {
    await source.initialize();
    await makeTopic(kafka);
    await producer.connect();
    const ids = await sampleOf(databases, options.sample);
    const work = oneHousehold({ ...options, source, exposure, producer, topic: TOPIC });
    const runs: LoopSample[] = [];
    for (const concurrency of options.concurrencies) {
      await emptyPeerTables(databases);
      await inStep(ids.slice(0, WARM_UP), concurrency, work);
      await emptyPeerTables(databases);
      const start = performance.now();
      await inStep(ids, concurrency, work);
      const seconds = (performance.now() - start) / 1_000;
      await requireSameRows(databases, 'loop', ids.length);
      say(`peer, loop, ${concurrency} at once: ${ids.length} households in ${seconds.toFixed(1)} s`);
      runs.push({ concurrency, sample: ids.length, seconds });
    }
    return runs;
  } finally {
    await producer.disconnect();
    if (source.isInitialized) await source.destroy();
  }
}

async function makeTopic(kafka: Kafka): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.createTopics({
      topics: [{ topic: TOPIC, numPartitions: topics.alert.partitions }],
      waitForLeaders: true,
    });
  } finally {
    await admin.disconnect();
  }
}

async function liveSet({ alerts }: BenchDatabases): Promise<string> {
  const { rows } = await alerts.query<{ live: string }>('SELECT live FROM exposure_current');
  return rows[0]?.live ?? 'a';
}

/** Households of the shock, scattered over the area. */
async function sampleOf({ alerts }: BenchDatabases, sample: number): Promise<string[]> {
  const { rows } = await alerts.query<{ household_id: string }>(
    'SELECT household_id::text FROM alerts ORDER BY hashint8(household_id) LIMIT $1',
    [sample],
  );
  return rows.map(({ household_id }) => household_id);
}
