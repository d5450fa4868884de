import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import { NoPolicy } from '@fangpin/policy';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { giveBack } from '../src/fan-out/give-back.js';
import { NotJudgedYet } from '../src/fan-out/withdrawal-slices.js';
import { countAwaitingPolicy, countStuckSlices, stuckReason, stuckSlicesOf } from '../src/ledger/stuck-slices.js';
import { YIJIU } from './support/world.js';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const LIMITS = { stuckAfterAttempts: 5, stuckAfterSeconds: 300 };
const LACKS = new NoPolicy('monitoring-line', undefined, String(YIJIU), '2026-07-10');

describe('a slice whose townships have no policy', () => {
  let db: TestDatabase;
  let admin: Database;
  beforeAll(async () => {
    db = await createTestDatabase('risk-alerts', {
      migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, MIGRATIONS],
    });
    admin = await db.open({ url: db.adminUrl, poolSize: 1 });
  });
  afterAll(() => db.drop());

  const run = (sql: string, values: unknown[] = []): Promise<number> =>
    admin.transaction(cellScope('spec'), (tx) => tx.execute(sql, values));
  const counted = (): Promise<{ stuck: number; awaiting: number }> =>
    admin.transaction(cellScope('spec'), async (tx) => ({
      stuck: await countStuckSlices(tx, LIMITS),
      awaiting: await countAwaitingPolicy(tx),
    }));
  const reasons = (): Promise<string[]> =>
    admin.transaction(cellScope('spec'), async (tx) =>
      (await stuckSlicesOf(tx, [1], LIMITS, 20)).map((slice) => stuckReason(slice).code),
    );
  const slice = (direction: string, error: Error | null, leaseUntil: string | null = null): Promise<number> =>
    run(
      `INSERT INTO slices (origin, shock_revision, direction, townships, lane, state, attempts, last_error, lacks_policy, lease_until, created_at)
       VALUES (1, 1, $1, ARRAY[${YIJIU}]::bigint[], 'live', 'waiting', 900, $2, $3, $4, now() - interval '1 day')`,
      [direction, error?.message ?? null, error instanceof NoPolicy, leaseUntil],
    );

  beforeEach(() => run('DELETE FROM slices'));

  it('is counted by itself and not among those that are stuck, and says what to do', async () => {
    await slice('raise', LACKS);
    expect(await counted()).toEqual({ stuck: 0, awaiting: 1 });
    expect(await reasons()).toEqual(['SLICE.AWAITS_POLICY']);
  });

  it.each([
    ['is known by the error of its last try', LACKS, 'SLICE.AWAITS_POLICY'],
    ['is none whose error only sounds like it', new Error(LACKS.message), 'SLICE.FAILS'],
  ])('%s', async (_, error, code) => {
    await slice('raise', new Error('broken'));
    await admin.transaction(cellScope('spec'), async (tx) => {
      const [claimed] = await tx.query<{ no: number }>(
        `UPDATE slices SET state = 'claimed', claimed_by = 'spec' RETURNING slice_no AS no`,
      );
      const key = { origin: 1, shockRevision: 1, direction: 'raise' as const };
      await giveBack(tx, { sliceNo: claimed?.no ?? 0, ...key, townships: [YIJIU], attempts: 900 }, 'spec', error);
    });
    expect(await reasons()).toEqual([code]);
  });

  it('hides none that fails otherwise', async () => {
    await slice('raise', LACKS);
    await slice('raise', new Error('no space left on device'));
    await slice('raise', null);
    expect(await counted()).toEqual({ stuck: 2, awaiting: 1 });
    expect(await reasons()).toEqual(['SLICE.AWAITS_POLICY', 'SLICE.FAILS', 'SLICE.HOLDERS_DIE']);
  });

  it('is stuck when whoever tries it again hangs or dies', async () => {
    await slice('raise', LACKS);
    await run(`UPDATE slices SET state = 'claimed', claimed_by = 'spec', lease_until = now() + interval '20 seconds'`);
    expect(await counted()).toEqual({ stuck: 1, awaiting: 0 });
  });

  it('has what is to be withdrawn after it wait uncounted, which shows once it waits for nothing', async () => {
    await slice('raise', LACKS);
    await slice('withdraw', new NotJudgedYet(YIJIU), 'infinity');
    expect(await counted()).toEqual({ stuck: 0, awaiting: 1 });
    expect(await reasons()).toEqual(['SLICE.AWAITS_POLICY', 'SLICE.AWAITS_JUDGEMENT']);
    await run(`UPDATE slices SET state = 'published' WHERE direction = 'raise'`);
    expect(await counted()).toEqual({ stuck: 1, awaiting: 0 });
  });
});
