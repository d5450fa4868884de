/** The built service as a process of its own, that can be killed without warning and started again on the same port. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { eventually, testServers } from '@fangpin/testing';
import { IDENTITY_KEY_HEX, type IntakeWorld } from './intake-world.js';

const MAIN = path.resolve(import.meta.dirname, '../../dist/main.js');

export interface KillableService {
  readonly base: string;
  start(): Promise<void>;
  kill(): Promise<void>;
}

/** Beside a world, on its database and topics. */
export async function killableService({ env, tokens }: IntakeWorld): Promise<KillableService> {
  if (!existsSync(MAIN)) throw new Error('this spec runs the built service: `npm run build` first');
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  return {
    base,
    async start() {
      child = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', MAIN], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          PATH: process.env['PATH'],
          PORT: String(port),
          DATABASE_URL: env.databaseUrl,
          KAFKA_BROKERS: testServers().brokers.join(','),
          FANGPIN_TOPIC_PREFIX: env.topicPrefix,
          FANGPIN_JWKS_FILE: tokens.jwksFile,
          FANGPIN_IDENTITY_KEY: IDENTITY_KEY_HEX,
          LOG_LEVEL: 'silent',
        },
      });
      const gone = once(child, 'exit').then(([code]) => {
        throw new Error(`the service stopped with ${String(code)} before it answered`);
      });
      gone.catch(() => undefined);
      await Promise.race([eventually(() => fetch(`${base}/health/live`), { timeoutMs: 60_000 }), gone]);
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
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
