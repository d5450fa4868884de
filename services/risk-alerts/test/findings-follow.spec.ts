import { AlertState, type AlertBatch } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { medicalCost } from './support/findings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, dutyOf, profile, YIJIU } from './support/world.js';

const [MOVED, ANSWERED] = [1, 2];

describe('an alert of a finding whose household moves', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const sql = <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
  const saidOf = (id: string): AlertBatch[] => world.batches.filter(({ shockId }) => shockId === id);

  it('is said again where the household lives now, unless it has passed or was answered', async () => {
    const homes = [MOVED, ANSWERED].map((id) => ({ id, perCapitaYuan: 12_000 }));
    await world.households(homes.map(profile), homes.map(assessment));
    await eventually(async () =>
      expect(await sql('SELECT FROM exposure_a WHERE per_capita_fen > 0 AND active')).toHaveLength(homes.length),
    );
    const [moved, answered] = (await world.findings(...homes.map((home) => medicalCost(home, 60_000)))) as [
      string,
      string,
    ];
    await eventually(async () =>
      expect(await sql('SELECT FROM episode_alerts WHERE held > 0')).toHaveLength(homes.length),
    );
    await sql('UPDATE episode_alerts SET held = 0 WHERE household_id = $1', [ANSWERED]);
    await world.households(
      homes.map((home) => profile({ ...home, township: YIJIU, version: 2 })),
      [],
    );
    const there = dutyOf({ id: MOVED, township: YIJIU });
    await eventually(async () =>
      expect(await sql('SELECT FROM exposure_a WHERE duty_code = $1', [there])).toHaveLength(homes.length),
    );
    await eventually(() => Promise.resolve(expect(saidOf(moved)).toHaveLength(2)));
    const [before, after] = saidOf(moved) as [AlertBatch, AlertBatch];
    expect(after).toMatchObject({
      state: AlertState.RAISED,
      dutyCodes: [BigInt(there)],
      severities: before.severities,
    });
    expect(after.revision).toBeGreaterThan(before.revision);
    await eventually(async () =>
      expect(await sql('SELECT duty_code FROM episode_alerts WHERE household_id = $1', [MOVED])).toEqual([
        { duty_code: there },
      ]),
    );
    expect(saidOf(answered)).toHaveLength(1);
    expect(await sql('SELECT duty_code FROM findings WHERE household_id = $1', [ANSWERED])).toEqual([
      { duty_code: dutyOf({ id: ANSWERED }) },
    ]);
  });
});
