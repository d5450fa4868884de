import { randomBytes } from 'node:crypto';
import { createDataSource, Database, migrateService, urlFor, type DataSourceSettings } from '@fangpin/persistence';
import pg from 'pg';
import { testServers } from './test-servers.js';

/** Password of every role that tests make. */
export const TEST_ROLE_PASSWORD = 'test';

export interface TestDatabaseSettings {
  /** As for `migrateService`: messaging's folder, then the service's own. */
  readonly migrationsDirs: readonly string[];
}

export interface TestDatabase {
  /** Name of the database. */
  readonly database: string;
  readonly appUrl: string;
  readonly writerUrl: string;
  readonly adminUrl: string;
  /** A connected {@link Database} of the service's role, or of another URL; closed by {@link drop}. */
  open(settings?: Partial<DataSourceSettings>): Promise<Database>;
  /** Closes what was opened and drops the database, whoever is still connected. */
  drop(): Promise<void>;
}

/** A fresh, migrated database of its own for one spec file. Roles belong to the server and are shared between files. */
export async function createTestDatabase(service: string, settings: TestDatabaseSettings): Promise<TestDatabase> {
  const { databaseUrl } = testServers();
  const stem = service.replaceAll('-', '_').slice(0, 30);
  const database = `fangpin_test_${stem}_${randomBytes(5).toString('hex')}`;
  const { appUrl, writerUrl } = await migrateService({
    adminUrl: databaseUrl,
    service,
    database,
    migrationsDirs: settings.migrationsDirs,
    password: TEST_ROLE_PASSWORD,
  });
  const opened: Database[] = [];
  return {
    database,
    appUrl,
    writerUrl,
    adminUrl: urlFor(databaseUrl, database),
    async open(options = {}) {
      const source = createDataSource({ url: appUrl, applicationName: `test ${service}`, ...options });
      const connected = new Database(await source.initialize());
      opened.push(connected);
      return connected;
    },
    async drop() {
      for (const one of opened.splice(0)) await one.close();
      const admin = new pg.Client({ connectionString: databaseUrl });
      await admin.connect();
      try {
        await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      } finally {
        await admin.end();
      }
    },
  };
}
