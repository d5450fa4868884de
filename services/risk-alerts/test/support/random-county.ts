/** Households that fast-check draws: the same ones in every run, of all sizes and incomes. */
import fc from 'fast-check';
import { HouseholdGroup } from '@fangpin/contracts';
import type { World } from './risk-alerts-world.js';
import { assessment, profile, YIJIU, YONGDING, type HouseholdSpec } from './world.js';

const households = (count: number): HouseholdSpec[] => {
  const household = fc.record({
    township: fc.constantFrom(YONGDING, YIJIU),
    persons: fc.integer({ min: 1, max: 7 }),
    labourers: fc.integer({ min: 0, max: 3 }),
    maize: fc.integer({ min: 0, max: 3_000 }),
    vegetables: fc.integer({ min: 0, max: 600 }),
    pigs: fc.integer({ min: 0, max: 40 }),
    perCapitaYuan: fc.integer({ min: 3_000, max: 40_000 }),
    spentYuan: fc.integer({ min: 0, max: 60_000 }),
    wageYuan: fc.integer({ min: 0, max: 60_000 }),
    jobs: fc.array(fc.record({ branch: fc.constantFrom(200, 201), place: fc.constant('4419') }), { maxLength: 2 }),
  });
  return fc.sample(household, { numRuns: count, seed: 20_260_718 }).map((spec, i) => ({ id: i + 1, ...spec }));
};
export const county = households(400);

/** Every third household is an ordinary one, the others were lifted out. */
export function settleIn(world: World): Promise<void> {
  const profiles = county.map(profile);
  profiles.forEach((one, i) => {
    if (i % 3 === 0) one.group = HouseholdGroup.ORDINARY;
  });
  return world.households(profiles, county.map(assessment));
}
