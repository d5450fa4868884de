import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { cellScope, regionScope, type Database } from '@fangpin/persistence';
import { createTestDatabase, describeScopeOfTables, type TestDatabase } from '@fangpin/testing';
import { MIGRATIONS, OTHER_VILLAGE, VILLAGE } from './support/intake-world.js';

let db: TestDatabase;
let database: Database;

beforeAll(async () => {
  db = await createTestDatabase('intake', { migrationsDirs: MIGRATIONS });
  database = await db.open();
  await database.transaction(cellScope('test'), async (tx) => {
    await tx.execute('INSERT INTO households VALUES (1, $1, 1, 1), (2, $2, 1, 1)', [VILLAGE, OTHER_VILLAGE]);
    await tx.execute(
      `INSERT INTO people SELECT household_id, 1, duty_code, sha256(household_id::text::bytea) FROM households`,
    );
    await tx.execute(
      `INSERT INTO findings
       SELECT gen_random_uuid(), 1, 'water', 8, '2026-11-01', 1, household_id, duty_code, null, null, household_id, duty_code,
              duty_code + 1, '2026-11-01', 0, 0, false, 3, 0, null, null, now(), 'test', null, now(), now(), gen_random_uuid()
         FROM households`,
    );
  });
});
afterAll(() => db.drop());

describeScopeOfTables('intake', () => db);

describe('findings and people under scope', () => {
  it.each(['households', 'people', 'findings'])('show a township its own rows of %s only', async (table) => {
    const seen = (region: string): Promise<number[]> =>
      database.transaction(regionScope(parseRegionCode(region)), async (tx) => {
        const rows = await tx.query<{ household_id: number }>(
          `SELECT household_id FROM ${table} ORDER BY household_id`,
        );
        return rows.map((row) => row.household_id);
      });
    expect(await seen('532327100')).toEqual([1]);
    expect(await seen('532327101')).toEqual([2]);
    expect(await seen('532301')).toEqual([]);
  });
});
