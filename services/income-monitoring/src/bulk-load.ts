/**
 * `node dist/bulk-load.js < households.ndjson`: fills the ledger from lines as bulk/household-line.ts says. The last line on
 * standard output counts what was read. Exits with 1, naming the line, when a line is not usable.
 */
import { createInterface } from 'node:readline';
import { systemClock } from '@fangpin/domain-kit';
import { createKafkaBus, Outbox } from '@fangpin/messaging';
import { createDataSource, Database } from '@fangpin/persistence';
import { AssessHouseholds } from './assessments/assess-households.js';
import { assessmentBatchSource } from './assessments/assessment-batch.source.js';
import { loadHouseholds } from './bulk/load-households.js';
import { readBulkLoadEnv } from './env.js';

const NAME = 'income-monitoring-bulk-load';

async function open(url: string): Promise<Database> {
  return new Database(await createDataSource({ url, applicationName: NAME, poolSize: 3 }).initialize());
}

async function main(): Promise<void> {
  const env = readBulkLoadEnv();
  const bus = createKafkaBus({ brokers: env.kafkaBrokers, clientId: NAME, prefix: env.topicPrefix });
  const database = await open(env.databaseUrl);
  const writer = await open(env.writerDatabaseUrl);
  const outbox = new Outbox(bus, database);
  outbox.registerSource(assessmentBatchSource);
  outbox.start();
  try {
    const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
    const assess = new AssessHouseholds(outbox, systemClock);
    const loaded = await loadHouseholds(lines, { writer, outbox, assess, clock: systemClock });
    process.stdout.write(`${JSON.stringify(loaded)}\n`);
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
