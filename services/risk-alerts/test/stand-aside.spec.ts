import { cellScope, type Database } from '@fangpin/persistence';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { liveWork } from '../src/simulations/simulation-gate.js';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));

describe('those who stand aside for live slices', () => {
  let db: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    db = await createTestDatabase('risk-alerts', {
      migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, MIGRATIONS],
    });
    database = await db.open({ url: db.writerUrl });
  });
  afterAll(() => db.drop());
  beforeEach(() => sql('DELETE FROM slices', [], db.adminUrl));

  const sql = async (text: string, values: unknown[] = [], url?: string): Promise<void> => {
    const owner = url === undefined ? database : await db.open({ url, poolSize: 1 });
    await owner.transaction(cellScope('spec'), (tx) => tx.execute(text, values));
    if (owner !== database) await owner.close();
  };
  const slice = (direction: string, state: string, leaseUntil: string | null, error: string | null = null) =>
    sql(
      `INSERT INTO slices (origin, shock_revision, direction, lane, townships, state, lease_until, last_error)
       VALUES (1, 2, $1, 'live', '{532327101}', $2, $3::text::timestamptz, $4)`,
      [direction, state, leaseUntil, error],
    );

  it('wait for what waits and what runs, and not for what has failed and sits out its time', async () => {
    expect(await liveWork(database)).toBe(false);
    await slice('raise', 'waiting', '2999-01-01', 'broken');
    await slice('raise', 'published', null);
    expect(await liveWork(database)).toBe(false);
    await slice('raise', 'claimed', '2999-01-01');
    expect(await liveWork(database)).toBe(true);
  });

  it('wait for a withdrawal once nothing is left to raise before it', async () => {
    await slice('raise', 'waiting', '2999-01-01', 'broken');
    await slice('withdraw', 'waiting', 'infinity', 'not judged yet');
    expect(await liveWork(database)).toBe(false);
    // It passes by what has failed.
    await slice('withdraw', 'waiting', 'infinity');
    expect(await liveWork(database)).toBe(true);
  });

  it('wait for one that its holder has left', async () => {
    await slice('raise', 'claimed', '2026-01-01');
    expect(await liveWork(database)).toBe(true);
  });
});
