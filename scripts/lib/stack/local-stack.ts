import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../lock.ts';
import { inRepository, stateFolder } from '../paths.ts';
import { startServers, stopServers, upPorts, type GivenServers, type Servers } from '../servers/index.ts';
import { startStack, stopStack, type Stack } from './index.ts';

const serversFolder = join(stateFolder, 'servers');
const lockFile = join(stateFolder, 'stack.lock');

/** Servers of the caller's own, from the environment and from an `.env` at the root, if there is one. */
export function givenServers(): GivenServers {
  const file = inRepository('.env');
  if (existsSync(file)) process.loadEnvFile(file);
  const { DATABASE_URL, KAFKA_BROKERS, REDIS_URL } = process.env;
  return {
    databaseUrl: DATABASE_URL || undefined,
    kafkaBrokers: KAFKA_BROKERS || undefined,
    redisUrl: REDIS_URL || undefined,
  };
}

/** The one stack of this clone, at its fixed ports: started where it is down, left alone where it is up. */
export async function bringUp(say: (line: string) => void): Promise<{ servers: Servers; stack: Stack }> {
  const given = givenServers();
  return withLock(lockFile, async () => {
    const servers = await startServers({ dir: serversFolder, ports: upPorts, given, say });
    return { servers, stack: await startStack({ dir: stateFolder, servers, ports: 'up', say }) };
  });
}

/** Stops what {@link bringUp} started; with `wipe` removes data and logs. Keys stay. Answers what was running. */
export async function bringDown({ wipe = false }: { wipe?: boolean } = {}): Promise<string[]> {
  return withLock(lockFile, async () => {
    const stopped = [...(await stopStack(stateFolder, { wipe })), ...(await stopServers(serversFolder, { wipe }))];
    if (wipe) await rm(join(stateFolder, 'logs'), { recursive: true, force: true });
    return stopped;
  });
}
