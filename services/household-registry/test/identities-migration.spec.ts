import { describe, expect, it } from '@jest/globals';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { databaseBefore } from '@fangpin/testing';
import { registryMigrationsDir } from './registry-app.js';

const migrationsDirs = [messagingMigrationsDir, serviceKitMigrationsDir, registryMigrationsDir];

describe('the migration that brings identities', () => {
  it('leaves the households that are here as outbox rows to be said, whoever is in scope', async () => {
    const { database, migrate, drop } = await databaseBefore('household-registry', { migrationsDirs }, '0003');
    try {
      await database.transaction(cellScope('test'), (tx) =>
        tx.execute(
          `INSERT INTO households (household_id, revision, duty_code, state, household_group, monitoring, dwelling, only_dwelling,
             water_scheme, created_at, updated_at)
           SELECT id, 1, 532327101201000, 1, 1, 1, 1, true, '', now(), now() FROM unnest(ARRAY[3, 3999, 4000, 9001]) AS id`,
        ),
      );
      await migrate();
      const rows = await database.dataSource.query(
        "SELECT source, ref FROM outbox WHERE topic = 'registry.identity.v1' AND published_at IS NULL ORDER BY id",
      );
      expect(rows).toEqual([
        { source: 'identity-batch', ref: { from: 3, to: 3999 } },
        { source: 'identity-batch', ref: { from: 4000, to: 4000 } },
        { source: 'identity-batch', ref: { from: 9001, to: 9001 } },
      ]);
    } finally {
      await drop();
    }
  });
});
