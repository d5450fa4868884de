/**
 * `node dist/bulk-load.js < households.ndjson`: loads households (lines as bulk/household-line.ts says), answers one line each
 * with the id it was given, then the totals. Exits with 1, naming the line, when a line is not usable.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { systemClock } from '@fangpin/domain-kit';
import { createKafkaBus, Outbox } from '@fangpin/messaging';
import { createDataSource, Database } from '@fangpin/persistence';
import { HouseholdBatchSource } from './bulk/household-batch.source.js';
import { IdentityBatchSource } from './bulk/identity-batch.source.js';
import { loadStream } from './bulk/load-stream.js';
import { readBulkLoadEnv } from './env.js';

const NAME = 'household-registry-bulk-load';

async function open(url: string): Promise<Database> {
  return new Database(await createDataSource({ url, applicationName: NAME, poolSize: 3 }).initialize());
}

async function say(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

async function main(): Promise<void> {
  const env = readBulkLoadEnv();
  const bus = createKafkaBus({ brokers: env.kafkaBrokers, clientId: NAME, prefix: env.topicPrefix });
  const database = await open(env.databaseUrl);
  const writer = await open(env.writerDatabaseUrl);
  const outbox = new Outbox(bus, database);
  outbox.registerSource(new HouseholdBatchSource(env.cellRegion));
  outbox.registerSource(new IdentityBatchSource(env.cellRegion, outbox));
  outbox.start();
  try {
    const totals = await loadStream(
      {
        writer,
        outbox,
        clock: systemClock,
        cell: env.cellRegion,
        identityKey: env.identityKey,
        actor: 'job:bulk-load',
      },
      createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }),
      (households) => say(households.map((one) => `${JSON.stringify(one)}\n`).join('')),
    );
    await say(`${JSON.stringify(totals)}\n`);
  } finally {
    await outbox.close();
    await bus.close();
    await writer.close();
    await database.close();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
