/** The service on real PostgreSQL and Kafka, under a database and topics of its own. */
import { topics, type Shock } from '@fangpin/contracts';
import { COUNTRY } from '@fangpin/domain-kit';
import { createKafkaBus, decodeEvent, messagingMigrationsDir, Outbox, type Bus } from '@fangpin/messaging';
import type { Database } from '@fangpin/persistence';
import { createServiceApp, serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, testServers, testTokens, uniquePrefix, type TokenClaims } from '@fangpin/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { ShockFeedsEnv } from '../src/env.js';
import { serviceOptions } from '../src/service-options.js';

const migrationsDir = fileURLToPath(new URL('../migrations', import.meta.url));

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
}

export interface Call {
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: Partial<TokenClaims>;
}

export interface ShockApp {
  readonly app: NestFastifyApplication;
  /** On the service's own role, for looking at rows. */
  readonly database: Database;
  /** The service's topics, for saying what others would say. */
  readonly bus: Bus;
  /** Every event on the shock topic, in order, once the outbox has published what it holds. */
  events(): Promise<Shock[]>;
  eventsOf(shockId: string): Promise<Shock[]>;
  /** One request; an operator for the whole country unless told otherwise. Bodies that are no text or bytes go as JSON. */
  call(method: 'GET' | 'POST' | 'PUT', url: string, call?: Call): Promise<Answer>;
  cap(xml: string | Buffer, call?: Call & { readonly asOf?: string }): Promise<Answer>;
  close(): Promise<void>;
}

/** `over` sets what the service's environment would hold otherwise. */
export async function startShockApp(over: Partial<ShockFeedsEnv> = {}): Promise<ShockApp> {
  const { brokers } = testServers();
  const prefix = uniquePrefix();
  const db = await createTestDatabase('shock-feeds', {
    migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, migrationsDir],
  });
  const bus = createKafkaBus({ brokers, clientId: 'shock-spec', prefix });
  await bus.ensureTopics([topics.shock, topics.villageAnswer]);
  const tokens = await testTokens();
  const env: ShockFeedsEnv = {
    port: 0,
    host: '127.0.0.1',
    jwksFile: tokens.jwksFile,
    logLevel: 'silent',
    databaseUrl: db.appUrl,
    kafkaBrokers: brokers,
    cellRegion: COUNTRY,
    topicPrefix: prefix,
    policyAwayMinutes: 10,
    ...over,
  };
  const app = await createServiceApp(serviceOptions(env));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const heard: Shock[] = [];
  const subscription = await bus.subscribe({
    group: `spec-${randomUUID()}`,
    topics: [topics.shock],
    onAssigned: async () => undefined,
    onBatch: async ({ messages }) => {
      for (const { value } of messages) heard.push(decodeEvent(topics.shock, value) as Shock);
    },
    onCrash: () => undefined,
  });
  const events = async (): Promise<Shock[]> => {
    await app.get(Outbox).drained();
    const written = [...(await bus.endOffsets(topics.shock)).values()].reduce((sum, next) => sum + Number(next), 0);
    while (heard.length < written) await new Promise((resolve) => setTimeout(resolve, 10));
    return [...heard];
  };
  const call: ShockApp['call'] = async (method, url, { body, type, headers, as } = {}) => {
    const raw = typeof body === 'string' || Buffer.isBuffer(body);
    const response = await app.inject({
      method,
      url,
      headers: {
        authorization: await tokens.bearer({ role: 'operator', ...as }),
        ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: raw ? body : JSON.stringify(body) }),
    });
    const text = response.body;
    return {
      status: response.statusCode,
      headers: response.headers,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  };
  return {
    app,
    bus,
    database: await db.open(),
    events,
    eventsOf: async (shockId) => (await events()).filter((event) => event.shockId === shockId),
    call,
    cap: (xml, { asOf, type = 'application/cap+xml', ...rest } = {}) =>
      call('POST', `/v1/shocks/cap${asOf === undefined ? '' : `?asOf=${encodeURIComponent(asOf)}`}`, {
        ...rest,
        type,
        body: xml,
      }),
    async close() {
      await subscription.close();
      await app.close();
      await bus.close();
      await db.drop();
    },
  };
}

export interface CapText {
  readonly identifier?: string;
  readonly msgType?: string;
  readonly status?: string;
  readonly sent?: string;
  readonly expires?: string;
  readonly references?: string;
  readonly headline?: string;
  readonly geocode?: string;
  readonly namespace?: string;
  /** False: a message without an info block. */
  readonly info?: boolean;
}

/** A warning of rain at red for Yongren that is in force now, unless told otherwise. */
export function capXml(text: CapText = {}): string {
  const now = Date.now();
  const at = (ms: number): string => new Date(ms).toISOString().replace('Z', '+00:00');
  const area =
    text.geocode === ''
      ? ''
      : `<area><areaDesc>永仁县</areaDesc><geocode><valueName>CPEAS Geographic Code</valueName><value>${text.geocode ?? '532327000000'}</value></geocode></area>`;
  const info =
    text.info === false
      ? ''
      : `<info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Unknown</urgency>
         <severity>Extreme</severity><certainty>Unknown</certainty><expires>${text.expires ?? at(now + 3_600_000)}</expires>
         <senderName>永仁县气象台</senderName><headline>${text.headline ?? '永仁县气象台发布暴雨红色预警信号'}</headline>${area}</info>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
    <alert xmlns="${text.namespace ?? 'urn:oasis:names:tc:emergency:cap:1.2'}"><identifier>${text.identifier ?? randomUUID()}</identifier>
    <sender>yongren@example.cn</sender><sent>${text.sent ?? at(now - 60_000)}</sent><status>${text.status ?? 'Actual'}</status>
    <msgType>${text.msgType ?? 'Alert'}</msgType><scope>Public</scope>
    ${text.references === undefined ? '' : `<references>yongren@example.cn,${text.references},2026-01-01T00:00:00+08:00</references>`}
    ${info}</alert>`;
}
