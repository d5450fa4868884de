/** The built service as a process of its own, that can be killed without warning and started again on the same port. */
import { topics } from '@fangpin/contracts';
import { createKafkaBus, messagingMigrationsDir } from '@fangpin/messaging';
import type { Database } from '@fangpin/persistence';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, eventually, testServers, testTokens, uniquePrefix } from '@fangpin/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = path.resolve(import.meta.dirname, '../dist/main.js');
const migrationsDir = fileURLToPath(new URL('../migrations', import.meta.url));

export interface KillableService {
  readonly database: Database;
  /** How often the service was started. */
  readonly lives: number;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Throws when the connection is lost. */
  post(url: string, body: unknown): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  close(): Promise<void>;
}

export async function killableService(): Promise<KillableService> {
  if (!existsSync(MAIN)) throw new Error('this spec runs the built service: `npm run build` first');
  const { brokers } = testServers();
  const prefix = uniquePrefix();
  const db = await createTestDatabase('shock-feeds', {
    migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, migrationsDir],
  });
  const bus = createKafkaBus({ brokers, clientId: 'shock-kill-spec', prefix });
  await bus.ensureTopics([topics.shock, topics.villageAnswer]);
  const tokens = await testTokens();
  const authorization = await tokens.bearer({ role: 'operator' });
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const database = await db.open();
  let child: ChildProcess | undefined;
  let lives = 0;
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    database,
    get lives() {
      return lives;
    },
    kill,
    async start() {
      lives += 1;
      const life = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', MAIN], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          PATH: process.env['PATH'],
          PORT: String(port),
          DATABASE_URL: db.appUrl,
          KAFKA_BROKERS: brokers.join(','),
          FANGPIN_TOPIC_PREFIX: prefix,
          FANGPIN_JWKS_FILE: tokens.jwksFile,
          LOG_LEVEL: 'silent',
        },
      });
      child = life;
      const gone = once(life, 'exit').then(([code]) => {
        throw new Error(`the service stopped with ${String(code)} before it answered`);
      });
      const answers = eventually(() => fetch(`${base}/v1/shocks?limit=1`, { headers: { authorization } }), {
        timeoutMs: 60_000,
      });
      // Whichever comes first; that it ends later on is what this is for.
      gone.catch(() => undefined);
      await Promise.race([answers, gone]);
    },
    async post(url, body) {
      const answer = await fetch(`${base}${url}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    async close() {
      await kill();
      await bus.close();
      await db.drop();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
