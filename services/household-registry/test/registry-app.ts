/** The service on real PostgreSQL and Kafka, under a database and topics of its own. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { topicCatalogue, topics, type HouseholdProfile } from '@fangpin/contracts';
import { COUNTRY } from '@fangpin/domain-kit';
import { createKafkaBus, decodeEvent, messagingMigrationsDir, type Bus } from '@fangpin/messaging';
import { createServiceApp, identityKeyOf, serviceKitMigrationsDir } from '@fangpin/service-kit';
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
import { fileURLToPath } from 'node:url';
import { AppModule } from '../src/app.module.js';
import type { RegistryEnv } from '../src/env.js';

export const registryMigrationsDir = fileURLToPath(new URL('../migrations', import.meta.url));

export const TEST_IDENTITY_KEY = identityKeyOf('2e'.repeat(32));

export interface RegistryDatabase {
  readonly database: TestDatabase;
  readonly bus: Bus;
  readonly prefix: string;
  close(): Promise<void>;
}

/** A migrated database and a bus with topics of its own. */
export async function createRegistryDatabase(): Promise<RegistryDatabase> {
  const prefix = uniquePrefix();
  const database = await createTestDatabase('household-registry', {
    migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, registryMigrationsDir],
  });
  const bus = createKafkaBus({ brokers: testServers().brokers, clientId: 'registry-spec', prefix });
  await bus.ensureTopics(topicCatalogue);
  return {
    database,
    bus,
    prefix,
    async close() {
      await bus.close();
      await database.drop();
    },
  };
}

/** Every profile on the household topic, as it comes. */
export async function collectProfiles(bus: Bus): Promise<{ profiles: HouseholdProfile[]; close(): Promise<void> }> {
  const profiles: HouseholdProfile[] = [];
  const subscription = await bus.subscribe({
    group: `spec-${Math.random().toString(36).slice(2)}`,
    topics: [topics.household],
    onAssigned: async () => undefined,
    onBatch: async ({ messages }) => {
      for (const { value } of messages) profiles.push(decodeEvent(topics.household, value) as HouseholdProfile);
    },
    onCrash: () => undefined,
  });
  return { profiles, close: () => subscription.close() };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
}

export interface RegistryApp extends RegistryDatabase {
  readonly app: NestFastifyApplication;
  readonly tokens: TestTokens;
  readonly profiles: readonly HouseholdProfile[];
  /** One request as a caller; `region` defaults to Yongren. */
  request(
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    options?: { body?: unknown; headers?: Record<string, string>; as?: Partial<TokenClaims> },
  ): Promise<Answer>;
  /** Waits for a household's event of at least this many revisions and answers the last. */
  profileOf(id: number, atLeast?: number): Promise<HouseholdProfile>;
}

export async function startRegistry(): Promise<RegistryApp> {
  const parts = await createRegistryDatabase();
  const tokens = await testTokens();
  const env: RegistryEnv = {
    port: 0,
    host: '127.0.0.1',
    databaseUrl: parts.database.appUrl,
    kafkaBrokers: testServers().brokers,
    jwksFile: tokens.jwksFile,
    cellRegion: COUNTRY,
    topicPrefix: parts.prefix,
    logLevel: 'silent',
    identityKey: TEST_IDENTITY_KEY,
  };
  const app = await createServiceApp({
    service: 'household-registry',
    title: 'Household registry',
    description: 'spec',
    module: AppModule.forRoot(env),
    env,
  });
  await app.init();
  const { profiles, close: stopListening } = await collectProfiles(parts.bus);
  return {
    ...parts,
    app,
    tokens,
    profiles,
    async request(method, url, { body, headers = {}, as = {} } = {}) {
      const authorization = await tokens.bearer({ role: 'county-officer', region: '532327', ...as });
      const answer = await app.inject({
        method,
        url,
        headers: { authorization, ...headers },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: answer.body === '' ? {} : (JSON.parse(answer.body) as Record<string, unknown>),
      };
    },
    profileOf: (id, atLeast = 1) =>
      eventually(() => {
        const own = profiles.filter((profile) => profile.householdId === BigInt(id));
        const last = own.at(-1);
        if (own.length < atLeast || last === undefined) throw new Error(`household ${id}: ${own.length} events so far`);
        return last;
      }),
    async close() {
      await stopListening();
      await app.close();
      await parts.close();
    },
  };
}

/** A household of three in 大坝村 that the service takes as it is. */
export function aHousehold(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    villageCode: '532327101201',
    group: 'lifted-out',
    dwelling: 'B',
    members: [
      { birthYear: 1980, sex: 'male', relation: 'head', labour: 'ordinary', workMonths: 8, workBranch: 'construction' },
      { birthYear: 1982, sex: 'female', relation: 'spouse', labour: 'weak', disabilityGrade: 2 },
      { birthYear: 2012, sex: 'female', relation: 'daughter', labour: 'none', schooling: 'junior-high' },
    ],
    livelihoods: [
      { product: 'rice', mu: 2.35 },
      { product: '生猪', heads: 4 },
      { product: 'construction', place: '5301', persons: 1 },
    ],
    ...changes,
  };
}
