import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { requireProgram } from './debian-packages.ts';
import { launchDetached, waitUntilReady, type StartHooks } from './launch.ts';

const READY_WITHIN_MS = 20_000;

/** One PING over a connection of its own; throws unless the answer is PONG. */
export function ping(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer to PING')));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.end();
      if (answer.toString().startsWith('+PONG')) resolve();
      else reject(new Error(`PING was answered by ${answer.toString().trim()}`));
    });
  });
}

/** Installs Redis where it is missing. */
export function requireRedis(say: (line: string) => void): void {
  requireProgram('redis-server', ['redis-server'], 'REDIS_URL', say);
}

/** Starts Redis. It holds request limits only, so nothing is written to disk. */
export async function startRedis(dir: string, port: number, { launched }: StartHooks): Promise<void> {
  const home = join(dir, 'redis');
  mkdirSync(home, { recursive: true });
  const logFile = join(dir, 'logs', 'redis.log');
  const settings = { port, bind: '127.0.0.1', dir: home, save: '', appendonly: 'no', daemonize: 'no' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const process = await launchDetached({ command: 'redis-server', args, logFile, cwd: home });
  launched(process);
  await waitUntilReady({ what: 'Redis', process, logFile, timeoutMs: READY_WITHIN_MS, check: () => ping(port) });
}
