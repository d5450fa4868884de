/** The service whole, on real servers, with the registry's voice, a listener for what it says, and a clock to turn. */
import { fileURLToPath } from 'node:url';
import { create } from '@bufbuild/protobuf';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HouseholdIdentitiesSchema, HouseholdState, topicCatalogue, topics, type Finding } from '@fangpin/contracts';
import { COUNTRY, fixedClock } from '@fangpin/domain-kit';
import {
  createKafkaBus,
  decodeEvent,
  encodeEvent,
  messagingMigrationsDir,
  type Bus,
  type BusProducer,
} from '@fangpin/messaging';
import { createServiceApp, identityHash, identityKeyOf, serviceKitMigrationsDir } from '@fangpin/service-kit';
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
import pg from 'pg';
import type { IntakeEnv } from '../../src/env.js';
import { serviceOptions } from '../../src/service-options.js';

export const MIGRATIONS = [
  messagingMigrationsDir,
  serviceKitMigrationsDir,
  fileURLToPath(new URL('../../migrations', import.meta.url)),
];

/** Villages of two townships of one county, and one of another county. */
export const VILLAGE = 532327100001000;
export const OTHER_VILLAGE = 532327101001000;
export const ELSEWHERE = 532301101001000;

export const IDENTITY_KEY_HEX = '1f'.repeat(32);

export interface Identities {
  readonly householdId: number;
  readonly revision?: number;
  readonly dutyCode?: number;
  readonly state?: HouseholdState;
  /** ID numbers of the members. */
  readonly idNumbers?: readonly string[];
  /** Whether the household lives on their work; not known unless said. */
  readonly mainEarner?: boolean;
  /** First day on which they belonged to the household; not known unless said. */
  readonly since?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export class IntakeWorld {
  /** Every finding heard, in the order of arrival. */
  readonly heard: Finding[] = [];
  /** Every answer's text. */
  readonly answers: string[] = [];
  readonly #key = identityKeyOf(IDENTITY_KEY_HEX);
  #isStopped = false;

  private constructor(
    readonly app: NestFastifyApplication,
    readonly env: IntakeEnv,
    readonly clock: ReturnType<typeof fixedClock>,
    readonly testDatabase: TestDatabase,
    readonly bus: Bus,
    private readonly registry: BusProducer,
    readonly tokens: TestTokens,
    /** Sees everything, whatever the scope. */
    readonly admin: pg.Client,
  ) {}

  static async start(at = '2026-11-22T10:00:00+08:00'): Promise<IntakeWorld> {
    const { brokers } = testServers();
    const testDatabase = await createTestDatabase('intake', { migrationsDirs: MIGRATIONS });
    const prefix = uniquePrefix();
    const bus = createKafkaBus({ brokers, clientId: 'intake-test', prefix });
    await bus.ensureTopics(topicCatalogue);
    const tokens = await testTokens();
    const env: IntakeEnv = {
      port: 0,
      host: '127.0.0.1',
      databaseUrl: testDatabase.appUrl,
      kafkaBrokers: brokers,
      jwksFile: tokens.jwksFile,
      cellRegion: COUNTRY,
      topicPrefix: prefix,
      logLevel: 'warn',
      identityKey: identityKeyOf(IDENTITY_KEY_HEX),
    };
    const clock = fixedClock(at);
    const app = await createServiceApp(serviceOptions(env, clock));
    await app.init();
    const admin = new pg.Client({ connectionString: testDatabase.adminUrl });
    await admin.connect();
    const world = new IntakeWorld(app, env, clock, testDatabase, bus, await bus.producer(), tokens, admin);
    await world.#listen();
    return world;
  }

  /** The service alone; what else the world holds stays, for a process of its own to go on with. */
  async stopService(): Promise<void> {
    await this.app.close();
    this.#isStopped = true;
  }

  async stop(): Promise<void> {
    if (!this.#isStopped) await this.app.close();
    await this.bus.close();
    await this.admin.end();
    await this.testDatabase.drop();
  }

  /** What the registry says of a household, and waits until the service has taken it in. */
  async known(one: Identities): Promise<void> {
    const {
      householdId,
      revision = 1,
      dutyCode = VILLAGE,
      state = HouseholdState.ACTIVE,
      idNumbers = [],
      mainEarner,
      since,
    } = one;
    const data = create(HouseholdIdentitiesSchema, {
      householdId: BigInt(householdId),
      revision: BigInt(revision),
      dutyCode: BigInt(dutyCode),
      state,
      members: idNumbers.map((number, i) => ({
        memberNo: i + 1,
        idHash: identityHash(this.#key, number),
        ...(mainEarner === undefined ? {} : { mainEarner }),
        ...(since === undefined ? {} : { since }),
      })),
    });
    await this.registry.send(topics.identity, [encodeEvent(topics.identity, data, { key: String(householdId) })]);
    await eventually(async () => {
      const rows = await this.rows('SELECT 1 FROM households WHERE household_id = $1 AND revision >= $2', [
        householdId,
        revision,
      ]);
      if (rows.length === 0) throw new Error(`household ${householdId} is not known yet`);
    });
  }

  /** One request; as the county's health insurance unless told otherwise. */
  async request(
    method: 'GET' | 'POST',
    url: string,
    options: { body?: unknown; headers?: Record<string, string>; as?: Partial<TokenClaims> } = {},
  ): Promise<Answer> {
    const { body, headers = {}, as = {} } = options;
    const claims = { role: 'department-client', region: '532327', department: 'health-insurance', ...as };
    const answer = await this.app.inject({
      method,
      url,
      headers: { authorization: await this.tokens.bearer(claims), ...headers },
      ...(body === undefined ? {} : { payload: body as object | string }),
    });
    // The document of the service holds the published example of an ID number.
    if (url.startsWith('/v1/')) this.answers.push(answer.body);
    return { status: answer.statusCode, body: answer.body === '' ? {} : JSON.parse(answer.body) };
  }

  async rows<T extends pg.QueryResultRow = pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
    return (await this.admin.query<T>(sql, values)).rows;
  }

  /** Waits for a revision of a finding on the topic. */
  finding(findingId: string, revision: number): Promise<Finding> {
    return eventually(() => {
      const found = this.heard.find((one) => one.findingId === findingId && one.revision === BigInt(revision));
      if (found === undefined) throw new Error(`revision ${revision} of ${findingId} is not heard yet`);
      return found;
    });
  }

  async #listen(): Promise<void> {
    await this.bus.subscribe({
      group: `spec-${Math.random().toString(36).slice(2)}`,
      topics: [topics.finding],
      onAssigned: async () => undefined,
      onBatch: async ({ messages }) => {
        for (const { value } of messages) this.heard.push(decodeEvent(topics.finding, value) as Finding);
      },
      onCrash: () => undefined,
    });
  }
}
