import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cellScope, migrateService } from '@fangpin/persistence';
import { createTestDatabase, TEST_ROLE_PASSWORD } from '@fangpin/testing';
import { dutyOf, migrationsDirs, originOf, OTHER_TOWNSHIP, TOWNSHIP } from './harness.js';

const BEFORE = [
  '0001-create-triage-tables.sql',
  '0002-create-village-questions.sql',
  '0003-find-open-items-by-household.sql',
];

describe('the migration that has checks of the past said', () => {
  it('leaves one reference a shock, with the townships in which it was checked without risk', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'fangpin-migrations-'));
    const old = path.join(folder, 'assistance-cases', 'migrations');
    await mkdir(old, { recursive: true });
    const own = migrationsDirs.at(-1) as string;
    for (const file of BEFORE) await copyFile(path.join(own, file), path.join(old, file));
    const db = await createTestDatabase('assistance-cases', { migrationsDirs: [...migrationsDirs.slice(0, -1), old] });
    try {
      const database = await db.open();
      const listed = (shock: number, household: number, state: number, township = TOWNSHIP): unknown[] => [
        ...[originOf(shock), household, dutyOf(township, household), state],
      ];
      for (const item of [
        listed(1, 1, 101),
        listed(1, 2, 101, OTHER_TOWNSHIP),
        listed(1, 3, 101),
        listed(2, 1, 1),
        listed(3, 1, 101),
        listed(3, 2, 102, OTHER_TOWNSHIP),
      ])
        await database.transaction(cellScope('test'), (tx) =>
          tx.execute(
            `INSERT INTO check_items (origin, household_id, duty_code, revision, alert_revision, listed_at, due_at, persons, severity,
               outcome, state) VALUES ($1, $2, $3, 1, 1, now(), now(), 3, 2, 3, $4)`,
            item,
          ),
        );
      await migrateService({
        adminUrl: db.adminUrl,
        service: 'assistance-cases',
        database: db.database,
        migrationsDirs: [...migrationsDirs],
        password: TEST_ROLE_PASSWORD,
      });
      const rows = await database.dataSource.query('SELECT topic, source, ref FROM outbox ORDER BY ref::text');
      const said = { topic: 'cases.case.v1', source: 'triage-answers' };
      expect(rows).toEqual([
        { ...said, ref: { groups: [TOWNSHIP, OTHER_TOWNSHIP].map((township) => [originOf(1), township]) } },
        { ...said, ref: { groups: [[originOf(3), TOWNSHIP]] } },
      ]);
    } finally {
      await db.drop();
      await rm(folder, { recursive: true });
    }
  });
});
