import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServers, stopServers } from '../servers/index.ts';

/** Servers for one run of the tests. */
export interface TestServers {
  databaseUrl: string;
  kafkaBrokers: string;
  redisUrl: string;
  stop(): Promise<void>;
}

/** The variables under which tests find their servers. */
export function testVariables({
  databaseUrl,
  kafkaBrokers,
  redisUrl,
}: Omit<TestServers, 'stop'>): Record<string, string> {
  return {
    FANGPIN_TEST_DATABASE_URL: databaseUrl,
    FANGPIN_TEST_KAFKA_BROKERS: kafkaBrokers,
    FANGPIN_TEST_REDIS_URL: redisUrl,
  };
}

/**
 * Servers of the test run's own: on free ports, with data in a temporary folder that is removed at the end. Those that
 * the caller already names (all three) are used instead; `FANGPIN_TEST_SERVERS=docker` takes containers.
 */
export async function startTestServers(
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<TestServers> {
  const databaseUrl = environment['FANGPIN_TEST_DATABASE_URL'];
  const kafkaBrokers = environment['FANGPIN_TEST_KAFKA_BROKERS'];
  const redisUrl = environment['FANGPIN_TEST_REDIS_URL'];
  if (databaseUrl && kafkaBrokers && redisUrl) {
    say('using the servers of FANGPIN_TEST_…');
    return { databaseUrl, kafkaBrokers, redisUrl, stop: () => Promise.resolve() };
  }
  if (environment['FANGPIN_TEST_SERVERS'] === 'docker') {
    const { startContainers } = await import('./containers.ts');
    return startContainers(say);
  }
  const dir = mkdtempSync(join(tmpdir(), 'fangpin-test-'));
  const servers = await startServers({ dir, say }).catch(async (error: unknown) => {
    await stopServers(dir, { wipe: true });
    throw error;
  });
  return { ...servers, stop: () => servers.stop({ wipe: true }) };
}
