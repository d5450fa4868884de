import { describe, expect, it } from '@jest/globals';
import { cellScope } from '@fangpin/persistence';
import { databaseBefore } from '@fangpin/testing';
import { dutyOf, migrationsDirs, originOf, OTHER_TOWNSHIP, TOWNSHIP } from './harness.js';

describe('the migration that has checks of the past said', () => {
  it('leaves one reference a shock, with the townships in which it was checked without risk', async () => {
    const { database, migrate, drop } = await databaseBefore('assistance-cases', { migrationsDirs }, '0004');
    try {
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
      await migrate();
      const rows = await database.dataSource.query('SELECT topic, source, ref FROM outbox ORDER BY ref::text');
      const said = { topic: 'cases.case.v1', source: 'triage-answers' };
      expect(rows).toEqual([
        { ...said, ref: { groups: [TOWNSHIP, OTHER_TOWNSHIP].map((township) => [originOf(1), township]) } },
        { ...said, ref: { groups: [[originOf(3), TOWNSHIP]] } },
      ]);
    } finally {
      await drop();
    }
  });
});
