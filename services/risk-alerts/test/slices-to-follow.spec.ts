import { fileURLToPath } from 'node:url';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pageAfter, waitingSlices } from '../src/episodes/slices-to-follow.js';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const SCOPE = cellScope('spec');
let db: TestDatabase;
let database: Database;

beforeAll(async () => {
  db = await createTestDatabase('risk-alerts', {
    migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, MIGRATIONS],
  });
  database = await db.open({ poolSize: 1 });
  const admin = await db.open({ url: db.adminUrl, poolSize: 1 });
  const slice = (origin: number, alerted: number, ids: string | null) =>
    `INSERT INTO slices (origin, shock_revision, direction, townships, state, alerted, stored_at, household_ids)
     VALUES (${origin}, 1, 'relook', '{532327101}', 'stored', ${alerted}, now(), ${ids === null ? 'NULL' : `'${ids}'`})`;
  // Of a look, of another one under another shock, and of one from before looks named their households.
  for (const sql of [slice(7, 2, '{3,1}'), slice(8, 1, '{2}'), slice(7, 1, null)]) await admin.dataSource.query(sql);
  const alerts = [
    [7, 1, 5, 1],
    [7, 3, 5, 1],
    [8, 2, 5, 2],
    [7, 2, 5, 3],
    // Of a slice that was followed long ago.
    [7, 1, 4, 9],
    [8, 4, 4, 9],
  ];
  for (const alert of alerts)
    await admin.dataSource.query(
      `INSERT INTO alerts (origin, household_id, revision, slice_no, duty_code, loss_low_fen, loss_fen, loss_high_fen, persons, state, severity, reasons, inputs)
       VALUES ($1, $2, $3, $4, 532327101201000, 1, 1, 1, 4, 1, 2, 1, '{}')`,
      alert,
    );
  await admin.close();
});
afterAll(() => db.drop());

it('finds what looks have said, by household and page, whether they name their households or not', async () => {
  const pages: number[][][] = [];
  await database.transaction(SCOPE, async (tx) => {
    const slices = await waitingSlices(tx);
    expect(slices.map(({ by_household }) => by_household)).toEqual([true, true, false]);
    for (let after: number | undefined = 0; after !== undefined;) {
      const { rows, last } = await pageAfter(tx, slices, after, 3);
      pages.push(
        rows.map(({ household_id, origin, revision, slice_no }) => [household_id, origin, revision, slice_no]),
      );
      after = last;
    }
  });
  expect(pages.flat()).toEqual(
    expect.arrayContaining([
      [1, 7, 5, 1],
      [2, 7, 5, 3],
      [2, 8, 5, 2],
      [3, 7, 5, 1],
    ]),
  );
  expect(pages.flat()).toHaveLength(4);
  expect(pages.length).toBeGreaterThan(1);
});

it('finds them alike where all are of one shock', async () => {
  const found = await database.transaction(SCOPE, async (tx) => {
    const slices = (await waitingSlices(tx)).filter(({ origins }) => origins[0] === 7);
    return [await pageAfter(tx, slices, 0, 100), await pageAfter(tx, slices.slice(0, 1), 1, 100)];
  });
  expect(found.map(({ rows }) => rows.map((row) => row.household_id))).toEqual([[1, 2, 3], [3]]);
});
