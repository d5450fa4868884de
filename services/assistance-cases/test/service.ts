/** The whole service on real PostgreSQL and Kafka, and what stands around it: risk-alerts that speaks, a listener that hears. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  alertTopicOf,
  topics,
  type AlertBatch,
  type AlertLane,
  type CaseStepped,
  type ChecksFound,
  type Shock,
  type VillageAnswer,
} from '@fangpin/contracts';
import { COUNTRY } from '@fangpin/domain-kit';
import { createKafkaBus, decodeEvent, encodeEvent, ensureTopics, type Bus, type BusProducer } from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import { createServiceApp, type BaseEnv } from '@fangpin/service-kit';
import {
  createTestDatabase,
  eventually,
  testServers,
  testTokens,
  uniquePrefix,
  type TestDatabase,
  type TestTokens,
  type TokenClaims,
} from '@fangpin/testing';
import { AppModule } from '../src/app.module.js';
import { Answers, migrationsDirs } from './harness.js';

export interface Surroundings {
  readonly db: TestDatabase;
  readonly app: Database;
  readonly tokens: TestTokens;
  readonly env: BaseEnv & { readonly writerDatabaseUrl: string; readonly jwksFile: string };
  readonly answers: Answers;
  readonly steps: CaseStepped[];
  /** What checks found, as it was said. */
  readonly checks: ChecksFound[];
  readonly villageAnswers: VillageAnswer[];
  /** As risk-alerts publishes them: keyed by township, in this order. */
  say(...batches: AlertBatch[]): Promise<void>;
  /** The same in the lane named. */
  sayIn(lane: AlertLane, ...batches: AlertBatch[]): Promise<void>;
  /** As shock-feeds publishes it, written at that moment. */
  sayShock(shock: Shock, at?: Date): Promise<void>;
  count(table: string, where?: string): Promise<number>;
  close(): Promise<void>;
}

/** Database, topics and tokens of their own, without the service. */
export async function surroundings(): Promise<Surroundings> {
  const servers = testServers();
  const prefix = uniquePrefix();
  const { brokers } = servers;
  const db = await createTestDatabase('assistance-cases', { migrationsDirs });
  await ensureTopics({ brokers, prefix });
  const tokens = await testTokens();
  const app = await db.open();
  const bus: Bus = createKafkaBus({ brokers, clientId: 'assistance-cases-spec', prefix });
  const producer: BusProducer = await bus.producer();
  const answers = new Answers();
  const steps: CaseStepped[] = [];
  const checks: ChecksFound[] = [];
  const villageAnswers: VillageAnswer[] = [];
  await bus.subscribe({
    group: 'listener',
    topics: [topics.case, topics.villageAnswer],
    onAssigned: () => Promise.resolve(),
    onCrash: () => undefined,
    onBatch: ({ topic, messages }) => {
      if (topic.name === topics.villageAnswer.name) {
        for (const { value } of messages) villageAnswers.push(decodeEvent(topics.villageAnswer, value));
        return Promise.resolve();
      }
      answers.take(messages);
      for (const { value } of messages) {
        const { body } = decodeEvent(topics.case, value);
        if (body.case === 'stepped') steps.push(body.value);
        if (body.case === 'checked') checks.push(body.value);
      }
      return Promise.resolve();
    },
  });
  const sayIn: Surroundings['sayIn'] = (lane, ...batches) =>
    producer.send(
      alertTopicOf(lane),
      batches.map((batch) => encodeEvent(alertTopicOf(lane), batch, { key: batch.township })),
    );
  return {
    db,
    app,
    tokens,
    answers,
    steps,
    checks,
    villageAnswers,
    env: {
      port: 0,
      host: '127.0.0.1',
      databaseUrl: db.appUrl,
      writerDatabaseUrl: db.writerUrl,
      kafkaBrokers: brokers,
      topicPrefix: prefix,
      cellRegion: COUNTRY,
      jwksFile: tokens.jwksFile,
      logLevel: 'silent',
    },
    say: (...batches) => sayIn('live', ...batches),
    sayIn,
    sayShock: (shock, at = new Date()) =>
      producer.send(topics.shock, [encodeEvent(topics.shock, shock, { key: shock.shockId, at })]),
    count: async (table, where = 'true') => {
      const [row] = await app.transaction(cellScope('spec'), (tx) =>
        tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`),
      );
      return row?.n ?? 0;
    },
    async close() {
      await bus.close();
      await db.drop();
    },
  };
}

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: ReplyBody;
}

interface Reasoned {
  readonly action: string;
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
}

/** The members that the specs look at, of any answer. */
export interface ReplyBody {
  readonly id: string;
  readonly code: string;
  readonly state: string;
  readonly items: readonly Record<string, unknown>[];
  readonly nextCursor: string | null;
  readonly errors: readonly { readonly field: string; readonly rule: string }[];
  readonly reasons: Reasoned['reasons'];
  readonly allowedActions: readonly { readonly action: string; readonly requires: readonly string[] }[];
  readonly refusedActions: readonly Reasoned[];
  readonly [member: string]: unknown;
}

export interface RunningService extends Surroundings {
  readonly nest: NestFastifyApplication;
  get(url: string, claims?: TokenClaims): Promise<Reply>;
  post(url: string, body: unknown, claims?: TokenClaims, headers?: Record<string, string>): Promise<Reply>;
  /** Waits until all that was said before is answered: so many alerts. */
  answered(alerts: number): Promise<void>;
}

export const officer: TokenClaims = { role: 'county-officer', region: '532327' };

/** The service in this process. */
export async function runningService(): Promise<RunningService> {
  const around = await surroundings();
  const { env } = around;
  const nest = await createServiceApp({
    service: 'assistance-cases',
    title: 'spec',
    description: 'spec',
    module: AppModule.forRoot(env),
    env,
  });
  await nest.init();
  const ask = async (
    method: 'GET' | 'POST',
    url: string,
    claims: TokenClaims,
    more: { payload?: string; headers?: Record<string, string> } = {},
  ): Promise<Reply> => {
    const { statusCode, headers, body } = await nest.inject({
      method,
      url,
      ...more,
      headers: { ...more.headers, authorization: await around.tokens.bearer(claims) },
    });
    return { status: statusCode, headers, body: JSON.parse(body) as ReplyBody };
  };
  return {
    ...around,
    nest,
    get: (url, claims = officer) => ask('GET', url, claims),
    post: (url, body, claims = officer, headers = {}) =>
      ask('POST', url, claims, {
        payload: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    answered: (alerts) =>
      eventually(
        () => {
          if (around.answers.byAlert.size !== alerts)
            throw new Error(`${around.answers.byAlert.size} of ${alerts} alerts are answered`);
        },
        { timeoutMs: 40_000 },
      ),
    async close() {
      await nest.close();
      await around.close();
    },
  };
}
