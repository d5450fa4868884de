import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import { loadPolicy } from '@fangpin/policy';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { parseRegionCode } from '@fangpin/domain-kit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RegionalAlert, WarningRule } from '../src/regional/regional-alert.js';
import { regionalMembers } from '../src/regional/regional-members.js';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const COUNTY = 532327;
const DUTY = COUNTY * 1e9;
const HOUSEHOLDS = 6_000;
const SHOCK = 4_711;
const NOW = new Date('2026-07-20T09:00:00+08:00');

describe('members of an early warning in a county where nearly all alerts were taken back', () => {
  let db: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    db = await createTestDatabase('risk-alerts', {
      migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, MIGRATIONS],
    });
    database = await db.open();
    const admin = await db.open({ url: db.adminUrl });
    const run = (sql: string): Promise<unknown> => admin.dataSource.query(sql);
    const all = `generate_series(1, ${HOUSEHOLDS}) AS n`;
    const duty = `${DUTY} + 100201000 + (n % 7) * 1000000`;
    await run(
      `INSERT INTO shocks (shock_id, revision, kind, lane, state, headline) VALUES (gen_random_uuid(), 1, 'price-fall', 3, 1, '')`,
    );
    await run(`INSERT INTO origins (origin, shock_id, cause) SELECT ${SHOCK}, shock_id, 'price-fall' FROM shocks`);
    await run(`INSERT INTO slices (origin, shock_revision, direction, townships, state, stored_at)
      VALUES (${SHOCK}, 1, 'raise', '{}', 'published', '2026-07-19')`);
    await run(`INSERT INTO exposure_a (household_id, duty_code, persons, labourers, severely_disabled, monitoring, dwelling, only_dwelling, active)
      SELECT n, ${duty}, 4, 2, 0, 1, 1, true, n % 11 > 0 FROM ${all}`);
    // Some have moved within the county since they were alerted; all but every hundredth were taken back.
    const alerts = (revision: number, state: number, where: string): Promise<unknown> =>
      run(`INSERT INTO alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen, persons, state,
             severity, reasons, inputs)
           SELECT ${SHOCK}, n, ${revision}, ${duty} + (n % 3) * 1000, (SELECT max(slice_no) FROM slices), 1, 1, 1, 4, ${state}, 2, 1,
             ARRAY[100, 1, 1] FROM ${all} WHERE ${where}`);
    await alerts(1, 1, 'true');
    await alerts(2, 2, 'n % 100 > 0');
    // As migration 0066 found who had moved before the exposure noted it.
    const migration = readFileSync(join(MIGRATIONS, '0066-know-who-has-moved.sql'), 'utf8');
    await run(/^INSERT INTO moved_households[^;]*/m.exec(migration)?.[0] ?? '');
    // And as episodes follow alerts.
    await run(`INSERT INTO episode_alerts (household_id, origin, cause, duty_code, revision, raised, severity, held, lower, raised_at)
      SELECT household_id, origin, 'price-fall', duty_code, revision, state = 1, 2, 2, 0, now() FROM alerts WHERE revision = 1`);
    await admin.close();
  });
  afterAll(() => db.drop());

  const pages = async (rule: WarningRule, subject: string, limit: number): Promise<number[][]> => {
    const policy = loadPolicy().get('regional-warning', parseRegionCode(String(COUNTY)), '2026-07-20', rule).value;
    const area = { level: 'county', dutyCode: DUTY } as const;
    const found: number[][] = [];
    for (let after: readonly (string | number)[] | undefined; ;) {
      const { items } = await database.transaction(cellScope('spec'), (tx) =>
        regionalMembers(tx, { area, rule, subject } as RegionalAlert, policy, NOW, {
          limit,
          ...(after === undefined ? {} : { after }),
        }),
      );
      if (items.length === 0) return found;
      found.push(items.map(({ householdId }) => householdId));
      after = [items.at(-1)?.householdId ?? 0];
    }
  };
  const members = Array.from({ length: HOUSEHOLDS / 100 }, (_, i) => (i + 1) * 100).filter((id) => id % 11 > 0);

  it.each([['share', ''] as const, ['product', '100'] as const])(
    'are shown each once, in order, whatever the page, by %s',
    async (rule, subject) => {
      for (const limit of [1, 7, 200]) {
        const shown = await pages(rule, subject, limit);
        expect(shown.flat()).toEqual(members);
        expect(shown.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      }
    },
  );
});
