/** The service whole, on real servers, with the registry's voice, a listener for what it says, and a clock to turn. */
import { fileURLToPath } from 'node:url';
import { create } from '@bufbuild/protobuf';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  HouseholdProfileSchema,
  HouseholdState,
  topicCatalogue,
  topics,
  type IncomeAssessment,
} from '@fangpin/contracts';
import { COUNTRY, fixedClock } from '@fangpin/domain-kit';
import {
  createKafkaBus,
  decodeEvent,
  encodeEvent,
  messagingMigrationsDir,
  type Bus,
  type BusProducer,
  type BusSubscription,
} from '@fangpin/messaging';
import type { Database } from '@fangpin/persistence';
import { createServiceApp, serviceKitMigrationsDir } from '@fangpin/service-kit';
import {
  createTestDatabase,
  eventually,
  testServers,
  testTokens,
  uniquePrefix,
  type TestDatabase,
  type TestTokens,
} from '@fangpin/testing';
import { AppModule, entities } from '../../src/app.module.js';
import type { IncomeEnv } from '../../src/env.js';

export const MIGRATIONS = [
  messagingMigrationsDir,
  serviceKitMigrationsDir,
  fileURLToPath(new URL('../../migrations', import.meta.url)),
];

/** Villages of two townships of one county. */
export const VILLAGE = 532327100001000;
export const OTHER_VILLAGE = 532327101001000;

export interface Profile {
  householdId: number;
  revision: number;
  persons?: number;
  dutyCode?: number;
  state?: HouseholdState;
}

export class IncomeWorld {
  /** Every assessment heard, by household, in the order of arrival. */
  readonly heard = new Map<number, IncomeAssessment[]>();

  private constructor(
    readonly app: NestFastifyApplication,
    readonly clock: ReturnType<typeof fixedClock>,
    readonly testDatabase: TestDatabase,
    /** Opened beside the service's own, on its role. */
    readonly database: Database,
    readonly bus: Bus,
    readonly prefix: string,
    private readonly registry: BusProducer,
    private readonly tokens: TestTokens,
  ) {}

  static async start(at = '2026-11-22T10:00:00+08:00'): Promise<IncomeWorld> {
    const { brokers } = testServers();
    const testDatabase = await createTestDatabase('income-monitoring', { migrationsDirs: MIGRATIONS });
    const prefix = uniquePrefix();
    const bus = createKafkaBus({ brokers, clientId: 'income-test', prefix });
    await bus.ensureTopics(topicCatalogue);
    const tokens = await testTokens();
    const env: IncomeEnv = {
      port: 0,
      host: '127.0.0.1',
      databaseUrl: testDatabase.appUrl,
      kafkaBrokers: brokers,
      jwksFile: tokens.jwksFile,
      cellRegion: COUNTRY,
      topicPrefix: prefix,
      logLevel: 'warn',
      monthTurnSeconds: 86_400,
    };
    const clock = fixedClock(at);
    const options = { service: 'income-monitoring', title: 'income', description: 'test', env } as const;
    const app = await createServiceApp({ ...options, module: AppModule.forRoot(env, clock) });
    await app.init();
    const database = await testDatabase.open({ entities });
    const world = new IncomeWorld(app, clock, testDatabase, database, bus, prefix, await bus.producer(), tokens);
    await world.#listen();
    return world;
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.bus.close();
    await this.testDatabase.drop();
  }

  /** What the registry says of a household. */
  async profile({ householdId, revision, persons = 4, dutyCode = VILLAGE, state }: Profile): Promise<void> {
    const data = create(HouseholdProfileSchema, {
      householdId: BigInt(householdId),
      revision: BigInt(revision),
      dutyCode: BigInt(dutyCode),
      persons,
      state: state ?? HouseholdState.ACTIVE,
    });
    await this.registry.send(topics.household, [encodeEvent(topics.household, data, { key: String(householdId) })]);
  }

  /** The same, and waits until the service has taken it in. */
  async known(profile: Profile): Promise<void> {
    await this.profile(profile);
    await eventually(async () => {
      const revision = await this.profileRevision(profile.householdId);
      if (revision < profile.revision) throw new Error('the profile has not arrived');
    });
  }

  async profileRevision(householdId: number): Promise<number> {
    const [row] = await this.rows<{ profile_revision: number }>(
      'SELECT profile_revision FROM households WHERE household_id = $1',
      [householdId],
    );
    return row?.profile_revision ?? 0;
  }

  rows<Row extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const scope = { name: 'test', lo: 0, hi: 10 ** 15 };
    return this.database.transaction(scope, (tx) => tx.query<Row>(sql, values));
  }

  async call(
    method: 'GET' | 'POST',
    url: string,
    options: { body?: object; role?: string; region?: string; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; body: Record<string, never> & { [member: string]: never } }> {
    const authorization = await this.tokens.bearer({
      role: options.role ?? 'county-officer',
      region: options.region ?? '532327',
    });
    const response = await this.app.inject({
      method,
      url,
      headers: { authorization, ...options.headers },
      ...(options.body === undefined ? {} : { payload: options.body }),
    });
    return { status: response.statusCode, body: response.json() };
  }

  /** The last assessment said of a household; waits for `count` of them. */
  async said(householdId: number, count = 1): Promise<IncomeAssessment> {
    return eventually(() => {
      const heard = this.heard.get(householdId) ?? [];
      const last = heard.at(-1);
      if (last === undefined || heard.length < count) throw new Error(`${heard.length} of ${count} assessments heard`);
      return last;
    });
  }

  async #listen(): Promise<void> {
    const subscription: BusSubscription = await this.bus.subscribe({
      group: 'listener',
      topics: [topics.assessment],
      onAssigned: async (assigned) => assigned.forEach((at) => subscription?.seek(at.topic, at.partition, 0n)),
      onBatch: async (batch) => {
        for (const { value } of batch.messages) {
          const data = decodeEvent(topics.assessment, value);
          const id = Number(data.householdId);
          this.heard.set(id, [...(this.heard.get(id) ?? []), data]);
        }
      },
      onCrash: (error) => {
        throw error;
      },
    });
  }
}

/** An entry as senders write it; a year's wage of 12,000 yuan unless told otherwise. */
export function anEntry(householdId: number, change: object = {}): Record<string, unknown> {
  return {
    householdId,
    kind: 'wage',
    from: '2025-11',
    to: '2026-10',
    amountFen: 1_200_000,
    source: '摸排表',
    ...change,
  };
}
