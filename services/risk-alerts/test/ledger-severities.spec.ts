import { randomUUID } from 'node:crypto';
import { DwellingGrade, HouseholdState, ShockState } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LedgerCounts } from '../src/ledger/ledger-sql.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = Array.from({ length: 40 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 400,
  dwelling: DwellingGrade.D,
  perCapitaYuan: 8_000 + 20 * i,
}));
const ELSEWHERE = 532301001;
const standing = ({ red, orange, yellow, blue }: LedgerCounts): number => red + orange + yellow + blue;

describe('severities in the ledger', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ sliceHouseholds: 20 });
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  it.each([
    ['one cause', 'hail'],
    ['several causes', 'flood'],
  ])('are of alerts that stand, whichever way others were withdrawn: %s', async (_, kind) => {
    const id = randomUUID();
    const policyVersion = world.policyVersion;
    await world.shock(hail({ id, policyVersion, kind }));
    const raised = await world.settled(id, 'done');
    expect(raised).toMatchObject({ exposed: county.length, withdrawn: 0 });
    expect(standing(raised)).toBe(raised.alerted);

    // One moves to where the shock does not reach, and a look withdraws its alerts; of one that has left they stand; the other township is
    // no longer named, and a slice withdraws.
    const version = kind === 'hail' ? 2 : 4;
    const [mover, , leaver] = county.map((spec) => ({ ...spec, version })) as [
      HouseholdSpec,
      HouseholdSpec,
      HouseholdSpec,
    ];
    const gone = [
      { ...leaver, state: HouseholdState.MOVED_OUT },
      { ...mover, township: ELSEWHERE },
    ];
    await world.households(gone.map(profile), []);
    const left = await eventually(async () => {
      const ledger = await world.settled(id, 'done');
      expect(ledger.withdrawn).toBe(1);
      return ledger;
    });
    expect(standing(left)).toBe(left.alerted - 1);

    await world.shock(hail({ id, policyVersion, kind, version: 2, regions: [String(YONGDING)] }));
    const narrower = await eventually(async () => {
      const ledger = await world.settled(id, 'done');
      expect(ledger.withdrawn).toBeGreaterThan(15);
      return ledger;
    });
    expect(standing(narrower)).toBe(narrower.alerted - narrower.withdrawn);

    await world.shock(hail({ id, policyVersion, kind, version: 3, state: ShockState.CANCELLED }));
    const recalled = await world.settled(id, 'recalled');
    expect(recalled.withdrawn).toBe(recalled.alerted);
    expect(standing(recalled)).toBe(0);
    await world.households(
      [leaver, mover].map((spec) => profile({ ...spec, version: version + 1 })),
      [],
    );
  });
});
