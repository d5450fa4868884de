import { describe, expect, it } from '@jest/globals';
import { cellScope } from '@fangpin/persistence';
import { databaseBefore } from '@fangpin/testing';
import { MIGRATIONS, VILLAGE } from './support/intake-world.js';

const hash = (n: number): Buffer => Buffer.alloc(32, n);

describe('the migration that keeps who said earner', () => {
  it('takes the register’s word for what it still says, and for those who have left: the sender’s for who is there and none', async () => {
    const { database, migrate, drop } = await databaseBefore('intake', { migrationsDirs: MIGRATIONS }, '0009');
    try {
      await database.transaction(cellScope('test'), async (tx) => {
        // Of one finding each: an earner, a member who is none, one of whom nothing is said, one who has left, one of whom nobody said so.
        for (const n of [1, 2, 3, 4, 5])
          await tx.execute(
            `INSERT INTO findings (finding_id, identity, revision, department, kind, period, state, household_id, duty_code, id_hash,
               area_lo, area_hi, occurred_on, spent_fen, refunded_fen, of_earner, days, house_grade, stated_at, stated_by, created_at, updated_at)
             VALUES (gen_random_uuid(), gen_random_uuid(), 1, 'health', 2, '2026-01-09', 1, 7, $1, $2, 0, 1, '2026-01-09', 0, 0, $3, 0, 0,
                     now(), 'test', now(), now())`,
            [VILLAGE, hash(n), n !== 5],
          );
        await tx.execute(
          `INSERT INTO people (household_id, member_no, duty_code, id_hash, main_earner)
           VALUES (7, 1, $1, $2, true), (7, 2, $1, $3, false), (7, 3, $1, $4, NULL), (8, 1, $1, $5, false), (7, 5, $1, $6, true)`,
          [VILLAGE, ...[1, 2, 3, 4, 5].map(hash)],
        );
      });
      await migrate();
      const rows = await database.transaction(cellScope('test'), (tx) =>
        tx.query<{ main_earner: boolean | null }>('SELECT main_earner FROM findings ORDER BY id_hash'),
      );
      expect(rows.map((row) => row.main_earner)).toEqual([true, null, null, true, null]);
    } finally {
      await drop();
    }
  });
});
