import { randomUUID } from 'node:crypto';
import { cellScope, type Tx } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, type HouseholdSpec } from './support/world.js';

const LEASE_SECONDS = 1;
const village: HouseholdSpec[] = Array.from({ length: 10 }, (_, i) => ({
  id: i + 1,
  maize: 300,
  perCapitaYuan: 8_000,
}));

interface SliceState extends Record<string, unknown> {
  readonly state: string;
  readonly attempts: number;
  /** Seconds from the beginning of the slice to the end of its lease. */
  readonly leased: number | null;
}

describe('a slice that runs longer than its lease', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ env: { FANGPIN_SLICE_LEASE_SECONDS: String(LEASE_SECONDS) } });
    await world.households(village.map(profile), village.map(assessment));
  });
  afterAll(() => world.stop());

  const sliceOf = (shockId: string): Promise<SliceState | undefined> =>
    world.database.transaction(cellScope('spec'), async (tx) => {
      const [slice] = await tx.query<SliceState>(
        `SELECT s.state, attempts, extract(epoch FROM lease_until - created_at)::float8 AS leased
         FROM slices s JOIN origins o USING (origin) WHERE o.shock_id = $1`,
        [shockId],
      );
      return slice;
    });
  /** No alert can be stored while `during` goes on. */
  const whileStoringWaits = async (during: (admin: Tx) => Promise<void>): Promise<void> => {
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.transaction(cellScope('spec'), async (tx) => {
      await tx.execute('LOCK TABLE alerts IN SHARE MODE');
      await during(tx);
    });
    await admin.close();
  };

  it('stays with its holder, and is done once', async () => {
    const id = randomUUID();
    await whileStoringWaits(async () => {
      await world.shock(hail({ id, policyVersion: world.policyVersion }));
      await eventually(async () => expect((await sliceOf(id))?.leased).toBeGreaterThan(4 * LEASE_SECONDS));
      expect(await sliceOf(id)).toMatchObject({ state: 'claimed', attempts: 1 });
    });
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: village.length });
    expect(await sliceOf(id)).toMatchObject({ state: 'published', attempts: 1 });
  });

  it('is not stored by a holder that lost it, and is done by the next one', async () => {
    const id = randomUUID();
    await whileStoringWaits(async (admin) => {
      await world.shock(hail({ id, policyVersion: world.policyVersion }));
      await eventually(async () => expect((await sliceOf(id))?.state).toBe('claimed'));
      // Committed with the lock's end: the holder comes to its mark only then, and that of the other runs out unrenewed.
      await admin.execute(
        `UPDATE slices SET claimed_by = 'another instance', lease_until = clock_timestamp() + interval '2 seconds'
         WHERE state = 'claimed' AND origin IN (SELECT origin FROM origins WHERE shock_id = $1)`,
        [id],
      );
    });
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: village.length });
    expect(await sliceOf(id)).toMatchObject({ state: 'published', attempts: 2 });
  });
});
