import { setTimeout as sleep } from 'node:timers/promises';
import { createDataSource, Database, isTransientDatabaseError, type DataSourceSettings } from '@fangpin/persistence';
import type { Logger } from 'pino';

const ATTEMPTS = 30;
const WAIT_MS = 1_000;

/** Opens a database; waits up to half a minute for a server that is still starting, fails at once on anything else. */
export async function openDatabase(settings: DataSourceSettings, log: Logger): Promise<Database> {
  for (let attempt = 1; ; attempt += 1) {
    const dataSource = createDataSource(settings);
    try {
      return new Database(await dataSource.initialize());
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransientDatabaseError(error)) throw error;
      log.warn({ err: error, attempt }, 'the database does not answer yet');
      await sleep(WAIT_MS);
    }
  }
}
