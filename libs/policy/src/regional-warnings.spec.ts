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
