import { create } from '@bufbuild/protobuf';
import { AreaDamageSchema, AreaIntensitySchema, ShockState, type Cause, type Shock } from '@fangpin/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shockFacts } from '../loss/shock-facts.js';
import { damaged, hail, layOff, pigPriceFall, unsoldVegetables, YIJIU, YONGDING } from '../../test/support/world.js';
import { saysMore } from './says-more.rule.js';

const of = { id: '5f0c2ab3-0000-4000-8000-000000000001', policyVersion: 'a' };
const last = { ...of, version: 2, state: ShockState.ENDED };
const more = (said: Shock, now: Shock, cause: Cause = 'crop-disaster'): boolean =>
  saysMore(shockFacts(said, cause), shockFacts(now, cause));
const quake = (...zones: (readonly [number | string, number])[]): Shock => {
  const shock = hail({ ...of, kind: 'earthquake' });
  shock.intensity.push(
    ...zones.map(([region, intensity]) => create(AreaIntensitySchema, { region: String(region), intensity })),
  );
  return shock;
};
const houses = (collapsed: number): Shock => {
  const shock = damaged(last, 40, 20);
  shock.damage.push(create(AreaDamageSchema, { region: String(YONGDING), housesCollapsed: collapsed }));
  return shock;
};

describe('the last word on a shock that is over', () => {
  it('says no more where it says only that', () => {
    for (const said of [hail(of), damaged(of, 40, 20), pigPriceFall(of, 1_800, 1_500), quake([YONGDING, 7])]) {
      const over: Shock = { ...said, state: ShockState.ENDED, revision: 9n, judgedOn: '2026-08-30', headline: '解除' };
      for (const cause of ['crop-disaster', 'dwelling', 'price-fall'] as const)
        expect(more(said, over, cause)).toBe(false);
    }
  });

  it('says more where it is graver or reaches farther, and not where it eases or names less', () => {
    expect(more(hail({ ...of, level: 3 }), hail({ ...last, level: 4 }))).toBe(true);
    expect(more(hail({ ...of, level: 4 }), hail({ ...last, level: 3 }))).toBe(false);
    const [one, both] = [[String(YIJIU)], [String(YIJIU), String(YONGDING)]];
    expect(more(hail({ ...of, regions: one }), hail({ ...last, regions: both }))).toBe(true);
    expect(more(hail({ ...of, regions: both }), hail({ ...last, regions: one }))).toBe(false);
    expect(more(hail(of), hail({ ...last, regions: both }))).toBe(false);
  });

  it('says more where more was counted, to those only of whom it was counted', () => {
    expect(more(damaged(of, 40, 20), damaged(last, 40, 30))).toBe(true);
    expect(more(damaged(of, 40, 20), damaged(last, 30, 20))).toBe(false);
    expect(more(hail({ ...of, kind: 'flood' }), damaged(last, 40, 20))).toBe(true);
    expect(more(damaged(of, 40, 20), houses(3), 'dwelling')).toBe(true);
    expect(more(damaged(of, 40, 20), houses(3))).toBe(false);
    // Its areas are all of its own again only because nothing is counted.
    expect(more(damaged(of, 40, 20), hail({ ...last, kind: 'flood' }))).toBe(false);
  });

  it('says more where what was counted of the county is said of a part of it, of which it is a greater share', () => {
    const collapsed = (spec: typeof of, ...areas: (readonly [region: number, houses: number])[]): Shock => {
      const shock = hail({ ...spec, kind: 'flood' });
      for (const [region, housesCollapsed] of areas)
        shock.damage.push(create(AreaDamageSchema, { region: String(region), housesCollapsed }));
      return shock;
    };
    const wide = collapsed(of, [532327, 100]);
    expect(more(wide, collapsed(last, [YONGDING, 60], [YIJIU, 40]), 'dwelling')).toBe(true);
    expect(more(wide, collapsed(last, [532327, 90]), 'dwelling')).toBe(false);
    expect(more(collapsed(of, [YONGDING, 60], [YIJIU, 40]), collapsed(last, [YONGDING, 60]), 'dwelling')).toBe(false);
  });

  it('says more where the earth shook harder, or where it was not known to', () => {
    expect(more(quake([532327, 7]), quake([532327, 8]), 'dwelling')).toBe(true);
    expect(more(quake([532327, 7]), quake([YONGDING, 7], [YIJIU, 6]), 'dwelling')).toBe(false);
    expect(more(quake([YIJIU, 7]), quake([YONGDING, 6], [YIJIU, 7]), 'dwelling')).toBe(true);
    expect(more(quake([YIJIU, 7]), hail({ ...last, kind: 'earthquake' }), 'dwelling')).toBe(false);
  });

  it('says more where a price fell farther, less is offered or others were let go', () => {
    expect(more(pigPriceFall(of, 1_800, 1_500), pigPriceFall(last, 1_800, 1_400), 'price-fall')).toBe(true);
    expect(more(pigPriceFall(of, 1_800, 1_500), pigPriceFall(last, 1_800, 1_750), 'price-fall')).toBe(false);
    expect(more(unsoldVegetables(of, 100), unsoldVegetables(last, 60), 'unsold-stock')).toBe(true);
    expect(more(unsoldVegetables(of, 60), unsoldVegetables(last, 100), 'unsold-stock')).toBe(false);
    const [firm, other] = ['91532300MA6K12345X', '91532300MA6K54321X'];
    expect(more(layOff(of, { employer: firm }), layOff(last, { employer: other }), 'job-loss')).toBe(true);
    expect(more(layOff(of, { branches: [200] }), layOff(last, { branches: [] }), 'job-loss')).toBe(true);
    expect(more(layOff(of, { persons: 30 }), layOff(last, { persons: 31 }), 'job-loss')).toBe(true);
    expect(more(layOff(of, { persons: 30 }), layOff(last, { persons: 29 }), 'job-loss')).toBe(false);
    // Without a count all who work there are meant.
    expect(more(layOff(of, { persons: 30 }), layOff(last, {}), 'job-loss')).toBe(true);
    expect(more(layOff(of, {}), layOff(last, { persons: 30 }), 'job-loss')).toBe(false);
    expect(more(unsoldVegetables(of, 0, 90_000n), unsoldVegetables(last, 0, 95_000n), 'unsold-stock')).toBe(true);
    expect(more(unsoldVegetables(of, 0, 90_000n), unsoldVegetables(last, 0, 85_000n), 'unsold-stock')).toBe(false);
    expect(more(layOff(of, { branches: [] }), layOff(last, { branches: [200] }), 'job-loss')).toBe(false);
  });

  it('never says more and less at once of the same figures', () => {
    const any = fc.record({ level: fc.integer({ min: 0, max: 4 }), hit: fc.nat(50), lost: fc.nat(50) });
    fc.assert(
      fc.property(any, any, (a, b) => {
        const [one, other] = [a, b].map(({ level, hit, lost }) => damaged({ ...of, level }, hit + lost, lost)) as [
          Shock,
          Shock,
        ];
        const greater = b.level > a.level || b.hit + b.lost > a.hit + a.lost || b.lost > a.lost;
        expect(more(one, other)).toBe(greater);
        expect(more(one, one)).toBe(false);
      }),
    );
  });
});
