/** A database of intake as it was before one of its migrations, with what brings it up to date. */
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateService, type Database } from '@fangpin/persistence';
import { createTestDatabase, TEST_ROLE_PASSWORD } from '@fangpin/testing';
import { MIGRATIONS } from './intake-world.js';

const OWN = MIGRATIONS.at(-1) as string;

export interface OlderDatabase {
  readonly database: Database;
  /** Applies the migrations that it lacks. */
  migrate(): Promise<void>;
  drop(): Promise<void>;
}

/** `number`: of the first migration that it lacks, such as `0006`. */
export async function databaseBefore(number: string): Promise<OlderDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fangpin-migrations-'));
  const old = path.join(folder, 'intake', 'migrations');
  await mkdir(old, { recursive: true });
  for (const file of (await readdir(OWN)).filter((name) => name < number))
    await copyFile(path.join(OWN, file), path.join(old, file));
  const db = await createTestDatabase('intake', { migrationsDirs: [...MIGRATIONS.slice(0, -1), old] });
  return {
    database: await db.open(),
    migrate: async () => {
      await migrateService({
        adminUrl: db.adminUrl,
        service: 'intake',
        database: db.database,
        migrationsDirs: MIGRATIONS,
        password: TEST_ROLE_PASSWORD,
      });
    },
    drop: async () => {
      await db.drop();
      await rm(folder, { recursive: true });
    },
  };
}
