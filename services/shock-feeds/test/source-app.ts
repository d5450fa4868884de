/** Instances of the service on one database, and a publisher of documents on this machine. */
import { topics } from '@fangpin/contracts';
import { createKafkaBus, messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import { createServiceApp, serviceKitMigrationsDir, type BaseEnv } from '@fangpin/service-kit';
import { createTestDatabase, testServers, testTokens, uniquePrefix, type TokenClaims } from '@fangpin/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { ShockFeedsEnv } from '../src/env.js';
import { serviceOptions } from '../src/service-options.js';
import { readDeclarations } from '../src/sources/read-declarations.js';

const migrationsDir = fileURLToPath(new URL('../migrations', import.meta.url));

export interface SourceStack {
  readonly database: Database;
  /** One more process; declared as the operator's file has it. It polls by itself only with `lookEverySeconds`. */
  start(declared: readonly object[], lookEverySeconds?: number): Promise<Instance>;
  close(): Promise<void>;
}

export interface Instance {
  readonly app: NestFastifyApplication;
  call(method: 'GET' | 'POST', url: string, call?: CallOptions): Promise<{ status: number; body: Body; text: string }>;
  source(name: string): Promise<Body | undefined>;
  stop(): Promise<void>;
}

export type Body = Record<string, unknown>;

export interface CallOptions {
  readonly as?: Partial<TokenClaims>;
  readonly body?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function startSourceStack(): Promise<SourceStack> {
  const { brokers } = testServers();
  const topicPrefix = uniquePrefix();
  const db = await createTestDatabase('shock-feeds', {
    migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, migrationsDir],
  });
  const bus = createKafkaBus({ brokers, clientId: 'source-spec', prefix: topicPrefix });
  await bus.ensureTopics([topics.shock]);
  await bus.close();
  const tokens = await testTokens();
  const env: ShockFeedsEnv = {
    port: 0,
    host: '127.0.0.1',
    jwksFile: tokens.jwksFile,
    logLevel: 'silent',
    databaseUrl: db.appUrl,
    kafkaBrokers: brokers,
    cellRegion: '00' as BaseEnv['cellRegion'],
    topicPrefix,
    policyAwayMinutes: 10,
  };
  const running = new Set<Instance>();
  return {
    database: await db.open(),
    async start(items, lookEverySeconds = 0) {
      const secrets: Record<string, string> = { FEED_TOKEN: 'Bearer of-the-feed' };
      const { sources, problems } = readDeclarations(JSON.stringify({ sources: items }), (name) => secrets[name]);
      if (problems.length > 0) throw new Error(problems.join('; '));
      const app = await createServiceApp(serviceOptions({ ...env, sources: { declared: sources, lookEverySeconds } }));
      await app.init();
      await app.getHttpAdapter().getInstance().ready();
      const call: Instance['call'] = async (method, url, { as, body, type, headers } = {}) => {
        const response = await app.inject({
          method,
          url,
          headers: {
            authorization: await tokens.bearer({ role: 'operator', ...as }),
            ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { payload: body }),
        });
        const json = /json/.test(String(response.headers['content-type']));
        return { status: response.statusCode, body: json ? (response.json() as Body) : {}, text: response.body };
      };
      const instance: Instance = {
        app,
        call,
        async source(name) {
          const { body } = await call('GET', '/v1/shocks/sources?limit=200');
          return (body['items'] as Body[]).find((item) => item['name'] === name);
        },
        async stop() {
          if (running.delete(instance)) await app.close();
        },
      };
      running.add(instance);
      return instance;
    },
    async close() {
      for (const instance of [...running]) await instance.stop();
      await db.drop();
    },
  };
}

export interface Publisher {
  readonly url: string;
  /** Requests as they came in. */
  readonly asked: { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function startPublisher(): Promise<Publisher> {
  const server = createServer((request, response) => {
    publisher.asked.push({ path: request.url ?? '', headers: request.headers });
    publisher.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const publisher: Publisher = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answer: (_, response) => void response.writeHead(404).end(),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return publisher;
}

/** Lets time pass for one source, by moving all that is written of it into the past. */
export async function letPass(database: Database, name: string, interval: string): Promise<void> {
  await database.transaction(cellScope('spec'), async (tx) => {
    await tx.execute(
      `UPDATE sources SET watched_since = watched_since - $2::interval, last_heard_at = last_heard_at - $2::interval
       WHERE name = $1`,
      [name, interval],
    );
    await tx.execute(
      `UPDATE source_polls SET next_poll_at = next_poll_at - $2::interval, leased_until = leased_until - $2::interval
       WHERE source_id = (SELECT source_id FROM sources WHERE name = $1)`,
      [name, interval],
    );
  });
}
