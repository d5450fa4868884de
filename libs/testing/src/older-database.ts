import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateService, type Database } from '@fangpin/persistence';
import { createTestDatabase, TEST_ROLE_PASSWORD, type TestDatabaseSettings } from './test-database.js';

export interface OlderDatabase {
  /** Of the service's role. */
  readonly database: Database;
  /** Applies the migrations that it lacks. */
  migrate(): Promise<void>;
  drop(): Promise<void>;
}

/**
 * A database of a service as it was before one of the service's own migrations (the last folder of `migrationsDirs`), with what
 * brings it up to date. `number`: of the first migration that it lacks, such as `0006`.
 */
export async function databaseBefore(
  service: string,
  { migrationsDirs }: TestDatabaseSettings,
  number: string,
): Promise<OlderDatabase> {
  const own = migrationsDirs.at(-1) as string;
  const folder = await mkdtemp(path.join(tmpdir(), 'fangpin-migrations-'));
  // Migrations are known by the folder of their service and their name.
  const old = path.join(folder, service, 'migrations');
  await mkdir(old, { recursive: true });
  const earlier = (await readdir(own)).filter((file) => file < number);
  await Promise.all(earlier.map((file) => copyFile(path.join(own, file), path.join(old, file))));
  const db = await createTestDatabase(service, { migrationsDirs: [...migrationsDirs.slice(0, -1), old] });
  return {
    database: await db.open(),
    migrate: async () => {
      const { adminUrl, database } = db;
      await migrateService({ adminUrl, service, database, migrationsDirs, password: TEST_ROLE_PASSWORD });
    },
    drop: async () => {
      await db.drop();
      await rm(folder, { recursive: true });
    },
  };
}
