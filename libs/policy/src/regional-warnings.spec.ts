import { describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from './index.js';

const rules = loadPolicy().table('regional-warning', parseRegionCode('532327'), '2026-07-18');

describe('the rules of early warning for areas', () => {
  it('are those of the rulebook: share, cluster, one product, one employer, one scheme; none of them is published', () => {
    expect([...rules.keys()].sort()).toEqual(['cluster', 'employer', 'product', 'scheme', 'share']);
    expect([...rules.values()].every(({ assumed }) => assumed)).toBe(true);
  });

  it('ease below the share at which they open, and ask for no larger share of a larger area', () => {
    for (const [, { value }] of rules) {
      const { village, township, county, villagesOfTownship, townshipsOfCounty } = value;
      for (const one of [village, township, county, villagesOfTownship, townshipsOfCounty])
        expect(one.easeBelowShare).toBeLessThan(one.fromShare);
      expect(village.fromShare).toBeGreaterThanOrEqual(township.fromShare);
      expect(township.fromShare).toBeGreaterThanOrEqual(county.fromShare);
      expect(village.fromHouseholds).toBeLessThanOrEqual(township.fromHouseholds);
    }
  });
});

describe('the rules of early warning above the county', () => {
  const above = loadPolicy().table('regional-warning-above', parseRegionCode('53'), '2026-07-18');

  it('are the same rules, none of them published, and ask for two areas below at least', () => {
    expect([...above.keys()].sort()).toEqual([...rules.keys()].sort());
    for (const [, { assumed, value }] of above) {
      expect(assumed).toBe(true);
      for (const { carriedBy } of [value.prefecture, value.province]) expect(carriedBy.atLeastParts).toBeGreaterThan(1);
    }
  });

  it('ease below the share at which they open, and ask for no larger share of a larger area', () => {
    for (const [rule, { value }] of above) {
      for (const { households, carriedBy, struckParts } of [value.prefecture, value.province]) {
        for (const one of [households, carriedBy, struckParts]) expect(one.easeBelowShare).toBeLessThan(one.fromShare);
        // What carries it together need not carry more of its own than the whole asks for.
        expect(carriedBy.fromShare).toBeLessThanOrEqual(households.fromShare);
        expect(carriedBy.fromHouseholds).toBeLessThan(households.fromHouseholds);
      }
      const county = rules.get(rule)?.value.county;
      expect(county?.fromShare).toBeGreaterThanOrEqual(value.prefecture.households.fromShare);
      expect(value.prefecture.households.fromShare).toBeGreaterThanOrEqual(value.province.households.fromShare);
      expect(value.province.households.fromHouseholds).toBeGreaterThan(value.prefecture.households.fromHouseholds);
    }
  });
});
