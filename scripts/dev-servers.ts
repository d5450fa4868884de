import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { stateFolder } from './lib/paths.ts';
import { startServers, stopServers } from './lib/servers/index.ts';

const { values } = parseArgs({ options: { stop: { type: 'boolean', default: false } } });
const dir = join(stateFolder, 'test-servers');
if (values.stop) {
  await stopServers(dir, { wipe: true });
} else {
  const servers = await startServers({ dir, say: (line) => process.stderr.write(`${line}\n`) });
  process.stdout.write(`export FANGPIN_TEST_DATABASE_URL=${servers.databaseUrl}
export FANGPIN_TEST_KAFKA_BROKERS=${servers.kafkaBrokers}
export FANGPIN_TEST_REDIS_URL=${servers.redisUrl}
`);
}
