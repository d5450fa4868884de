import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { cellScope, regionScope, type Database } from '@fangpin/persistence';
import { createTestDatabase, describeScopeOfTables, type TestDatabase } from '@fangpin/testing';
import { MIGRATIONS, OTHER_VILLAGE, VILLAGE } from './support/income-world.js';

let db: TestDatabase;
let database: Database;
let writer: Database;
const everywhere = cellScope('test');

beforeAll(async () => {
  db = await createTestDatabase('income-monitoring', { migrationsDirs: MIGRATIONS });
  database = await db.open();
  writer = await db.open({ url: db.writerUrl });
  await database.transaction(everywhere, async (tx) => {
    await tx.execute(`INSERT INTO households VALUES (1, $1, 4, 'active', 1, 0), (2, $2, 4, 'active', 1, 0)`, [
      VILLAGE,
      OTHER_VILLAGE,
    ]);
    await tx.execute(
      `INSERT INTO income_entries (household_id, duty_code, kind, from_month, to_month, amount_fen, source, source_key, recorded_by)
       SELECT household_id, duty_code, 'wage', 24310, 24321, 100, 'x', 'x', 'test' FROM households`,
    );
    await tx.execute(
      `INSERT INTO assessments SELECT household_id, 1, duty_code, 24310, 24321, 4, 100, 0, 0, 0, 0, 25, false, 1, now()
       FROM households`,
    );
  });
});
afterAll(() => db.drop());

describeScopeOfTables('income-monitoring', () => db);

const TABLES = ['households', 'income_entries', 'assessments'];

describe('incomes under scope', () => {
  it.each(TABLES)('show a township its own rows of %s only, on one reused connection', async (table) => {
    const seen = (region: string): Promise<number[]> =>
      database.transaction(regionScope(parseRegionCode(region)), async (tx) => {
        const rows = await tx.query<{ household_id: number }>(`SELECT household_id FROM ${table} ORDER BY 1`);
        return rows.map((row) => row.household_id);
      });
    expect(await seen('532327100')).toEqual([1]);
    expect(await seen('532327101')).toEqual([2]);
    expect(await seen('532327')).toEqual([1, 2]);
    expect(await seen('532328')).toEqual([]);
  });

  it('cannot be entered for a place outside the scope', async () => {
    const inOther = database.transaction(regionScope(parseRegionCode('532327100')), (tx) =>
      tx.execute(`INSERT INTO households VALUES (3, $1, 4, 'active', 1, 0)`, [OTHER_VILLAGE]),
    );
    await expect(inOther).rejects.toThrow('row-level security');
  });
});

describe('the ledger', () => {
  const denied = /permission denied/;
  const run = (on: Database, sql: string): Promise<number> => on.transaction(everywhere, (tx) => tx.execute(sql));

  it.each([
    'UPDATE income_entries SET amount_fen = 1',
    'DELETE FROM income_entries',
    'UPDATE assessments SET per_capita_fen = 1',
    'DELETE FROM assessments',
  ])('keeps its facts from the service: %s', async (sql) => {
    await expect(run(database, sql)).rejects.toThrow(denied);
  });

  it.each(TABLES)('lets the bulk writer add to %s and change nothing', async (table) => {
    await expect(run(writer, `UPDATE ${table} SET duty_code = 1`)).rejects.toThrow(denied);
    await expect(run(writer, `DELETE FROM ${table}`)).rejects.toThrow(denied);
    await expect(run(writer, `TRUNCATE ${table}`)).rejects.toThrow(denied);
  });
});
