import { describe, expect, it } from '@jest/globals';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { databaseBefore } from '@fangpin/testing';
import { registryMigrationsDir } from './registry-app.js';

const migrationsDirs = [messagingMigrationsDir, serviceKitMigrationsDir, registryMigrationsDir];

describe('the migration that brings the day of a monitoring status', () => {
  it('takes it from the history where the status was changed here, and knows none of other households', async () => {
    const { database, migrate, drop } = await databaseBefore('household-registry', { migrationsDirs }, '0004');
    try {
      await database.transaction(cellScope('test'), async (tx) => {
        await tx.execute(
          `INSERT INTO households (household_id, revision, duty_code, state, household_group, monitoring, dwelling, only_dwelling,
             water_scheme, created_at, updated_at)
           SELECT id, 3, 532327101201000, 1, 1, 3, 1, true, '', now(), now() FROM unnest(ARRAY[1, 2]) AS id`,
        );
        await tx.execute(
          `INSERT INTO household_history (household_id, revision, duty_code, change, actor, at)
           VALUES (1, 1, 532327101201000, 'registered', 'spec', '2024-01-01T00:00:00Z'),
                  (1, 2, 532327101201000, 'moved monitoring', 'spec', '2025-03-01T17:00:00Z'),
                  (1, 3, 532327101201000, 'dwelling', 'spec', '2026-01-01T00:00:00Z'),
                  (2, 1, 532327101201000, 'registered', 'spec', '2024-01-01T00:00:00Z')`,
        );
      });
      await migrate();
      const rows = await database.transaction(cellScope('test'), (tx) =>
        tx.query('SELECT household_id AS id, monitoring_since AS since FROM households ORDER BY 1'),
      );
      // One in the morning in Beijing.
      expect(rows).toEqual([
        { id: 1, since: '2025-03-02' },
        { id: 2, since: null },
      ]);
    } finally {
      await drop();
    }
  });
});
