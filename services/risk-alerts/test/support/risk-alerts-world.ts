/** risk-alerts on real servers, with the other services' side of the bus in the spec's hands. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  AlertState,
  CaseEventSchema,
  TriageOutcome,
  topicCatalogue,
  topics,
  type AlertBatch,
  type Finding,
  type HouseholdProfile,
  type IncomeAssessment,
  type Shock,
  type Topic,
} from '@fangpin/contracts';
import { create } from '@bufbuild/protobuf';
import {
  createKafkaBus,
  decodeEvent,
  encodeEvent,
  messagingMigrationsDir,
  progressOf,
  type Bus,
  type BusProducer,
  type BusSubscription,
} from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import { createServiceApp, serviceKitMigrationsDir } from '@fangpin/service-kit';
import {
  createTestDatabase,
  eventually,
  testServers,
  testTokens,
  uniquePrefix,
  type TestDatabase,
} from '@fangpin/testing';
import { fileURLToPath } from 'node:url';
import { AppModule } from '../../src/app.module.js';
import { readEnv } from '../../src/env.js';
import { PolicyVersions } from '../../src/policy/policy-versions.js';
import { ledgerOfShock } from '../../src/ledger/ledger-of-shock.js';
import { sumOf, type LedgerCounts } from '../../src/ledger/ledger-sql.js';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

export interface World {
  readonly app: NestFastifyApplication;
  readonly bus: Bus;
  readonly producer: BusProducer;
  readonly database: Database;
  readonly db: TestDatabase;
  readonly policyVersion: string;
  /** Alert batches as they arrived. */
  readonly batches: AlertBatch[];
  /** Those of them that came on the bulk topic. */
  readonly bulk: AlertBatch[];
  /** `department` is to be given for a department client. */
  token(role?: string, region?: string, department?: string): Promise<string>;
  households(profiles: readonly HouseholdProfile[], assessments: readonly IncomeAssessment[]): Promise<void>;
  shock(shock: Shock): Promise<void>;
  /** Pushed by departments; answers their ids. */
  findings(...findings: readonly Finding[]): Promise<string[]>;
  /** Waits until the service has taken in all that was said on a topic so far. */
  heard(topic: Topic): Promise<void>;
  /** Ledger of the shock once it is in a state. */
  settled(shockId: string, state: string, timeoutMs?: number): Promise<LedgerCounts>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly sliceHouseholds?: number;
  /** What assistance-cases answers; `recalls-only` as when a withdrawal has overtaken its alert. */
  readonly answer?: 'listed' | 'recalls-only';
  /** Of the service's database, as an operator raises it after a restore; 1 by default. */
  readonly epoch?: number;
  /** Settings beside the usual ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the writer of slices reaches the database, given its address. */
  readonly writerUrl?: (address: string) => Promise<string>;
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const db = await createTestDatabase('risk-alerts', {
    migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, MIGRATIONS],
  });
  if (options.epoch !== undefined) await raiseEpoch(db, options.epoch);
  const prefix = uniquePrefix();
  const { brokers } = testServers();
  const bus = createKafkaBus({ brokers, clientId: 'spec', prefix });
  await bus.ensureTopics(topicCatalogue);
  const tokens = await testTokens();
  const env = readEnv({
    PORT: '0',
    DATABASE_URL: db.appUrl,
    WRITER_DATABASE_URL: (await options.writerUrl?.(db.writerUrl)) ?? db.writerUrl,
    KAFKA_BROKERS: brokers.join(','),
    FANGPIN_JWKS_FILE: tokens.jwksFile,
    FANGPIN_TOPIC_PREFIX: prefix,
    FANGPIN_SLICE_HOUSEHOLDS: String(options.sliceHouseholds ?? 50),
    FANGPIN_SLICE_LEASE_SECONDS: '5',
    LOG_LEVEL: process.env['SPEC_LOG_LEVEL'] ?? 'silent',
    ...options.env,
  });
  const app = await createServiceApp({
    service: 'risk-alerts',
    title: 'risk-alerts',
    description: 'spec',
    module: AppModule.forRoot(env),
    env,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const producer = await bus.producer();
  const database = await db.open({ poolSize: 2 });
  const batches: AlertBatch[] = [];
  const bulk: AlertBatch[] = [];
  const answering = await answerAlerts(bus, producer, { batches, bulk }, options.answer ?? 'listed');
  return {
    app,
    bus,
    producer,
    database,
    db,
    batches,
    bulk,
    policyVersion: app.get(PolicyVersions).current.version,
    token: (role = 'county-officer', region = '532327', department) =>
      tokens.token({ role, region, ...(department === undefined ? {} : { department }) }),
    async households(profiles, assessments) {
      await producer.send(
        topics.household,
        profiles.map((p) => encodeEvent(topics.household, p, { key: String(p.householdId) })),
      );
      await producer.send(
        topics.assessment,
        assessments.map((a) => encodeEvent(topics.assessment, a, { key: String(a.householdId) })),
      );
    },
    shock: (shock) => producer.send(topics.shock, [encodeEvent(topics.shock, shock, { key: shock.shockId })]),
    async findings(...findings) {
      await producer.send(
        topics.finding,
        findings.map((f) => encodeEvent(topics.finding, f, { key: String(f.householdId) })),
      );
      return findings.map(({ findingId }) => findingId);
    },
    async heard(topic) {
      const ends = await bus.endOffsets(topic);
      await eventually(async () => {
        const progress = await progressOf(database, 'risk-alerts', topic);
        for (const [partition, end] of ends)
          if (end > 0n && (progress.get(partition) ?? 0n) < end)
            throw new Error(`${topic.name} is not read to its end`);
      });
    },
    settled: (shockId, state, timeoutMs = 30_000) =>
      eventually(
        () =>
          database.transaction(cellScope('spec'), async (tx) => {
            // A shock may be several causes: each has a fan-out, and all of them must be there.
            const rows = await tx.query<{ origin: number; state: string }>(
              `SELECT DISTINCT ON (f.origin) f.origin, f.state FROM fan_outs f JOIN origins o USING (origin)
               WHERE o.shock_id = $1 ORDER BY f.origin, f.shock_revision DESC`,
              [shockId],
            );
            const states = rows.map((row) => row.state);
            if (rows.length === 0 || states.some((one) => one !== state))
              throw new Error(`fan-outs are ${states.join(', ') || 'unknown'}, not ${state}`);
            return sumOf(
              await ledgerOfShock(
                tx,
                rows.map((row) => row.origin),
              ),
            );
          }),
        { timeoutMs },
      ),
    async stop() {
      await answering.close();
      await producer.close();
      await app.close();
      await bus.close();
      await db.drop();
    },
  };
}

async function answerAlerts(
  bus: Bus,
  producer: BusProducer,
  { batches, bulk }: Pick<World, 'batches' | 'bulk'>,
  answer: 'listed' | 'recalls-only',
): Promise<BusSubscription> {
  return bus.subscribe({
    group: 'assistance-cases',
    topics: [topics.alert, topics.alertBulk],
    onAssigned: async () => undefined,
    onCrash: () => undefined,
    async onBatch({ topic, messages }) {
      for (const { value } of messages) {
        const batch = decodeEvent(topics.alert, value) as AlertBatch;
        batches.push(batch);
        if (topic.name === topics.alertBulk.name) bulk.push(batch);
        if (answer === 'recalls-only' && batch.state === AlertState.RAISED) continue;
        const outcome = batch.state === AlertState.WITHDRAWN ? TriageOutcome.DROPPED : TriageOutcome.LISTED;
        const event = create(CaseEventSchema, {
          body: {
            case: 'triage',
            value: {
              shockId: batch.shockId,
              origin: batch.origin,
              alertRevision: batch.revision,
              township: batch.township,
              householdIds: batch.householdIds,
              outcomes: batch.householdIds.map(() => outcome),
              caseOrigins: batch.householdIds.map(() => 0n),
            },
          },
        });
        await producer.send(topics.case, [encodeEvent(topics.case, event, { key: batch.township })]);
      }
    },
  });
}

async function raiseEpoch(db: TestDatabase, epoch: number): Promise<void> {
  const admin = await db.open({ url: db.adminUrl });
  await admin.dataSource.query('UPDATE service_epoch SET epoch = $1', [epoch]);
  await admin.close();
}
