import { fileURLToPath } from 'node:url';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atRiskSql } from '../src/regional/at-risk-sql.js';

/** 永仁县 and 元谋县. */
const YONGREN = 532327e9;
const YUANMOU = 532328e9;
/** Households of 永仁县 by what is found there, one each; by now they live in 元谋县. */
const ILLNESS_OF_LAST_SUMMER = 1;
const ILLNESS_OF_SPRING = 2;

describe('a finding of a household that has moved to another county since', () => {
  let db: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    db = await createTestDatabase('risk-alerts', {
      migrationsDirs: [
        messagingMigrationsDir,
        serviceKitMigrationsDir,
        fileURLToPath(new URL('../migrations', import.meta.url)),
      ],
    });
    database = await db.open();
    const admin = await db.open({ url: db.adminUrl });
    const run = (sql: string, values: unknown[] = []): Promise<unknown> => admin.dataSource.query(sql, values);
    const found = async (household: number, occurredOn: string): Promise<void> => {
      await run(
        `WITH found AS (
           INSERT INTO findings (finding_id, revision, household_id, duty_code, origin, kind, department, batch_id, occurred_on, finding,
             outcome, policy_version, heard_at, decided_at)
           VALUES (gen_random_uuid(), 1, $1, ${YUANMOU + 101201000}, $1, 'illness', 'medical', '', $2, '', 'alerted', '1', now(), now())
           RETURNING finding_id)
         INSERT INTO origins (origin, finding_id, cause) SELECT $1, finding_id, 'illness' FROM found`,
        [household, occurredOn],
      );
      await run(
        `INSERT INTO exposure_a (household_id, duty_code, persons, labourers, severely_disabled, monitoring, dwelling, only_dwelling, active)
         VALUES ($1, ${YUANMOU + 101201000}, 4, 2, 0, 1, 1, true, true)`,
        [household],
      );
      await run(`INSERT INTO moved_households VALUES ($1, ${YUANMOU + 101201000})`, [household]);
    };
    const decided = (household: number, revision: number, county: number, storedAt: string, backwards: boolean) =>
      run(
        `WITH slice AS (
           INSERT INTO slices (origins, direction, townships, state, stored_at, applied_backwards)
           VALUES (ARRAY[$1::bigint], 'findings', '{}', 'published', $4, $5) RETURNING slice_no)
         INSERT INTO alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen, persons, state,
           severity, reasons, inputs)
         SELECT $1, $1, $2, $3, slice_no, 1, 1, 1, 4, 1, 2, 1, '{}' FROM slice`,
        [household, revision, county + 101201000, storedAt, backwards],
      );
    await found(ILLNESS_OF_LAST_SUMMER, '2025-08-01');
    await decided(ILLNESS_OF_LAST_SUMMER, 1, YONGREN, '2026-07-01T00:00:00Z', true);
    await decided(ILLNESS_OF_LAST_SUMMER, 2, YUANMOU, '2026-07-19T00:00:00Z', false);
    await found(ILLNESS_OF_SPRING, '2026-03-01');
    await decided(ILLNESS_OF_SPRING, 1, YONGREN, '2026-06-20T00:00:00Z', false);
    await decided(ILLNESS_OF_SPRING, 2, YUANMOU, '2026-07-19T00:00:00Z', true);
    // As episodes follow alerts.
    await run(`INSERT INTO episode_alerts (household_id, origin, cause, duty_code, revision, raised, severity, held, lower, raised_at)
      SELECT household_id, origin, 'illness', duty_code, revision, true, 2, 2, 0, now() FROM alerts WHERE revision = 1`);
    await admin.close();
  });
  afterAll(() => db.drop());

  const atRisk = (county: number): Promise<unknown[]> =>
    database.transaction(cellScope('spec'), (tx) =>
      tx.query(`WITH ${atRiskSql('exposure_a')} SELECT household_id, arose_at FROM risk ORDER BY 1`, [
        county,
        county + 1e9,
        new Date('2026-05-01T00:00:00+08:00'),
      ]),
    );

  it('is no risk of today by a correction there, where a policy applied backwards alone had raised it', async () => {
    expect(await atRisk(YUANMOU)).not.toContainEqual(expect.objectContaining({ household_id: ILLNESS_OF_LAST_SUMMER }));
  });

  it('counts where the household lives by the day on which it was said, though a policy was applied backwards after the move', async () => {
    expect(await atRisk(YUANMOU)).toContainEqual({
      household_id: ILLNESS_OF_SPRING,
      arose_at: new Date('2026-06-20T00:00:00Z'),
    });
    expect(await atRisk(YONGREN)).toEqual([]);
  });
});
