import { create } from '@bufbuild/protobuf';
import { AlertBatchSchema, topicCatalogue, topics, type AlertBatch } from '@fangpin/contracts';
import { parseRegionCode } from '@fangpin/domain-kit';
import {
  encodeEvent,
  ensureTopics,
  messagingMigrationsDir,
  Outbox,
  type ConsumedEvent,
  type EventHandler,
} from '@fangpin/messaging';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import {
  createTestDatabase,
  eventually,
  testServers,
  testTokens,
  uniquePrefix,
  type TestDatabase,
} from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  createServiceApp,
  EventConsumer,
  serviceKitMigrationsDir,
  ServiceKitModule,
  WRITER,
  type BaseEnv,
} from '../src/index.js';
import { WatchBacklog } from '../src/messaging/watch-backlog.js';

const heard: string[] = [];

@EventConsumer()
class AlertConsumer implements EventHandler<AlertBatch> {
  readonly topic = topics.alert;

  async handle(events: readonly ConsumedEvent<AlertBatch>[], tx: Tx): Promise<void> {
    await tx.query('SELECT 1');
    heard.push(...events.map(({ key }) => key));
  }
}

/** The catalogue names the service for other topics too. */
const otherConsumers = topicCatalogue
  .filter(({ name, consumers }) => consumers.includes('assistance-cases') && name !== topics.alert.name)
  .map((topic) => {
    @EventConsumer()
    class QuietConsumer implements EventHandler {
      readonly topic = topic;

      handle(): Promise<void> {
        return Promise.resolve();
      }
    }
    return QuietConsumer;
  });

describe('a service with a database and the bus', () => {
  let server: TestDatabase;
  let env: BaseEnv;
  let app: NestFastifyApplication;

  async function start(providers: Function[]): Promise<NestFastifyApplication> {
    @Module({
      imports: [ServiceKitModule.forRoot({ service: 'assistance-cases', env })],
      providers: providers as never,
    })
    class TestModule {}
    const started = await createServiceApp({
      service: 'assistance-cases',
      title: 'Cases',
      description: 'Cases of the test.',
      module: TestModule,
      env,
    });
    try {
      return await started.init();
    } catch (error) {
      await started.close();
      throw error;
    }
  }

  beforeAll(async () => {
    server = await createTestDatabase('service-kit-life', {
      migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir],
    });
    const { brokers } = testServers();
    env = {
      port: 0,
      host: '127.0.0.1',
      logLevel: 'silent',
      jwksFile: (await testTokens()).jwksFile,
      databaseUrl: server.appUrl,
      writerDatabaseUrl: server.writerUrl,
      kafkaBrokers: brokers,
      topicPrefix: uniquePrefix(),
      cellRegion: parseRegionCode('00'),
    };
    await ensureTopics({ brokers, prefix: env.topicPrefix });
    app = await start([AlertConsumer, ...otherConsumers]);
  });
  afterAll(async () => {
    await app.close();
    await server.drop();
  });

  it('becomes ready once database, bus and consumers are', async () => {
    await eventually(async () => {
      const response = await app.inject('/health/ready');
      expect(response.json()).toMatchObject({
        status: 'ok',
        details: { database: { status: 'up' }, bus: { status: 'up' }, consumers: { status: 'up', state: 'running' } },
      });
      expect(response.statusCode).toBe(200);
    });
  });

  it('hears an event that it has put into its own outbox', async () => {
    const batch = create(AlertBatchSchema, {});
    await app.get(Database).transaction(cellScope('test'), async (tx) => {
      await app.get(Outbox).add(tx, topics.alert, [encodeEvent(topics.alert, batch, { key: '532327101' })]);
    });
    await eventually(() => expect(heard).toEqual(['532327101']));
  });

  it('has the writer role beside its own', async () => {
    const query = 'SELECT current_user AS role';
    expect(await app.get<Database>(WRITER).dataSource.query(query)).toEqual([{ role: 'service_kit_life_writer' }]);
    expect(await app.get(Database).dataSource.query(query)).toEqual([{ role: 'service_kit_life_app' }]);
  });

  it('does not start without a consumer for a topic that names it', async () => {
    await expect(start(otherConsumers)).rejects.toThrow(/alerts\.alert\.v1 names assistance-cases/);
  });

  it('stays ready, and says so, where only what may wait is halted', async () => {
    const admin = await server.open({ url: server.adminUrl, poolSize: 1 });
    const clusterOfBulk = (id: string) =>
      admin.dataSource.query(
        `INSERT INTO consumer_progress (consumer, topic, partition_no, next_offset, cluster_id)
         SELECT 'assistance-cases.bulk', $1, n, 0, $2 FROM generate_series(0, 5) AS n
         ON CONFLICT (consumer, topic, partition_no) DO UPDATE SET cluster_id = excluded.cluster_id`,
        [topics.alertBulk.name, id],
      );
    const [{ cluster_id: own }] = await admin.dataSource.query('SELECT cluster_id FROM consumer_progress LIMIT 1');
    await clusterOfBulk('another');
    const other = await start([AlertConsumer, ...otherConsumers]);
    await eventually(async () => {
      const response = await other.inject('/health/ready');
      expect(response.statusCode).toBe(200);
      expect(response.json()).toMatchObject({
        details: { consumers: { state: 'paused', reason: expect.stringMatching(/^bulk lane halted: .*another/) } },
      });
    });
    await other.close();
    await clusterOfBulk(own);
  });

  it('says in its figures what its consumers have still to apply, what is parked and what is unsaid', async () => {
    const watch = app.get(WatchBacklog);
    const figures = async (): Promise<string> => {
      await Promise.all([watch.lookAtDatabase(), watch.lookAtBus()]);
      return (await app.inject('/metrics')).body;
    };
    await eventually(async () => {
      const text = await figures();
      const alerts = 'consumer="assistance-cases",topic="alerts.alert.v1",service="assistance-cases"';
      expect(text).toContain(`fangpin_consumer_lag_messages{${alerts}} 0`);
      expect(text).toContain(`fangpin_consumer_oldest_unread_seconds{${alerts}} 0`);
      expect(text).toContain(`fangpin_parked_letters{${alerts}} 0`);
      expect(text).toContain('fangpin_outbox_unpublished{topic="cases.case.v1",service="assistance-cases"} 0');
      expect(text).toContain('fangpin_outbox_oldest_seconds{topic="cases.case.v1",service="assistance-cases"} 0');
    });
    const text = await figures();
    const runs = (state: string, figure: number): string =>
      `fangpin_consumer_state{consumer="assistance-cases",state="${state}",service="assistance-cases"} ${figure}`;
    for (const line of [runs('running', 1), runs('paused', 0), runs('halted', 0)]) expect(text).toContain(line);
    for (const part of ['database', 'bus'])
      expect(text).toContain(`fangpin_reachable{part="${part}",service="assistance-cases"} 1`);
  });

  it('is not ready while its database is away, but alive', async () => {
    const other = await start([AlertConsumer, ...otherConsumers]);
    await other.get(Database).close();
    const ready = await other.inject('/health/ready');
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({ code: 'SERVICE.NOT_READY', checks: { database: { status: 'down' } } });
    expect((await other.inject('/health/live')).statusCode).toBe(200);
    await other.close();
  });
});
