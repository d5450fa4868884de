import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope, migrateService } from '@fangpin/persistence';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, TEST_ROLE_PASSWORD } from '@fangpin/testing';
import { registryMigrationsDir } from './registry-app.js';

const BEFORE = ['0001-create-households.sql', '0002-add-employers.sql'];

describe('the migration that brings identities', () => {
  it('leaves the households that are here as outbox rows to be said, whoever is in scope', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'fangpin-migrations-'));
    const old = path.join(folder, 'household-registry', 'migrations');
    await mkdir(old, { recursive: true });
    for (const file of BEFORE) await copyFile(path.join(registryMigrationsDir, file), path.join(old, file));
    const common = [messagingMigrationsDir, serviceKitMigrationsDir];
    const db = await createTestDatabase('household-registry', { migrationsDirs: [...common, old] });
    try {
      const database = await db.open();
      await database.transaction(cellScope('test'), (tx) =>
        tx.execute(
          `INSERT INTO households (household_id, revision, duty_code, state, household_group, monitoring, dwelling, only_dwelling,
             water_scheme, created_at, updated_at)
           SELECT id, 1, 532327101201000, 1, 1, 1, 1, true, '', now(), now() FROM unnest(ARRAY[3, 3999, 4000, 9001]) AS id`,
        ),
      );
      await migrateService({
        adminUrl: db.adminUrl,
        service: 'household-registry',
        database: db.database,
        migrationsDirs: [...common, registryMigrationsDir],
        password: TEST_ROLE_PASSWORD,
      });
      const rows = await database.dataSource.query(
        "SELECT source, ref FROM outbox WHERE topic = 'registry.identity.v1' AND published_at IS NULL ORDER BY id",
      );
      expect(rows).toEqual([
        { source: 'identity-batch', ref: { from: 3, to: 3999 } },
        { source: 'identity-batch', ref: { from: 4000, to: 4000 } },
        { source: 'identity-batch', ref: { from: 9001, to: 9001 } },
      ]);
    } finally {
      await db.drop();
      await rm(folder, { recursive: true });
    }
  });
});
