import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { fileURLToPath } from 'node:url';
import { ReadingPool } from '../src/simulations/reading-pool.js';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const scope = cellScope('spec');
const patient = new AbortController().signal;

describe('the connections of simulations', () => {
  let db: TestDatabase;
  let pool: ReadingPool;
  beforeAll(async () => {
    db = await createTestDatabase('risk-alerts', {
      migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, MIGRATIONS],
    });
    pool = await ReadingPool.open({ url: db.appUrl, name: 'spec', connections: 1, statementSeconds: 60 });
  });
  afterAll(async () => {
    await pool.close();
    await db.drop();
  });

  it('store nothing, whatever is tried', async () => {
    const write = pool.read(scope, patient, (tx) =>
      tx.execute(`INSERT INTO relooks (household_id, duty_code) VALUES (1, 532327101201000)`),
    );
    await expect(write).rejects.toMatchObject({ code: '25006' });
  });

  it('end a statement at once when nobody waits for it, and serve the next', async () => {
    const gone = new AbortController();
    const sleeping = pool.read(scope, gone.signal, async (tx) => {
      setImmediate(() => gone.abort(new Error('went away')));
      await tx.query('SELECT pg_sleep(50)');
    });
    await expect(sleeping).rejects.toMatchObject({ code: '57014' });
    await expect(pool.read(scope, gone.signal, async () => 1)).rejects.toThrow('went away');
    expect(await pool.read(scope, patient, async (tx) => (await tx.query('SELECT 1')).length)).toBe(1);
  });
});
