import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { whyAsked, type LaterReach } from './confirmation.rule.js';

const ORANGE = 3;
const RED = 4;
const rule = { households: 1_000, mayGrowByShare: 0.2 };
const reach = (households: number, level = ORANGE, beyond = 0): LaterReach => ({ households, level, beyond });

describe('an officer', () => {
  it('is asked once a shock reaches more households than the set size', () => {
    expect(whyAsked(reach(1_000), rule, undefined)).toBeUndefined();
    expect(whyAsked(reach(1_001), rule, undefined)).toBe('over-set-size');
  });

  it('is not asked again while a revision reaches at most the share more than was confirmed', () => {
    expect(whyAsked(reach(2_400), rule, reach(2_000))).toBeUndefined();
    expect(whyAsked(reach(2_401), rule, reach(2_000))).toBe('reaches-more');
  });

  it('is asked again where the level is higher than what was confirmed, or stated for the first time', () => {
    expect(whyAsked(reach(2_000, RED), rule, reach(2_000))).toBe('level-higher');
    expect(whyAsked(reach(2_000), rule, reach(2_000, 0))).toBe('level-higher');
    expect(whyAsked(reach(2_000, 0), rule, reach(2_000))).toBeUndefined();
    expect(whyAsked(reach(2_000), rule, reach(2_000, RED))).toBeUndefined();
  });

  it('is asked again where as many households are meant elsewhere: the word was about places', () => {
    expect(whyAsked(reach(2_000, ORANGE, 400), rule, reach(2_000))).toBeUndefined();
    expect(whyAsked(reach(2_000, ORANGE, 401), rule, reach(2_000))).toBe('reaches-more');
    expect(whyAsked(reach(1_500, ORANGE, 1_500), rule, reach(2_000))).toBe('reaches-more');
  });

  it('is never asked under the set size, whatever was confirmed', () => {
    expect(whyAsked(reach(900, RED), rule, reach(10, 1))).toBeUndefined();
  });

  it('is asked about any household more where a version of the policy names no share', () => {
    expect(whyAsked(reach(2_000), { households: 1_000 }, reach(2_000))).toBeUndefined();
    expect(whyAsked(reach(2_001), { households: 1_000 }, reach(2_000))).toBe('reaches-more');
  });

  it('is never asked about less than what goes on by itself', () => {
    const households = fc.nat(5_000);
    const level = fc.integer({ min: 0, max: RED });
    const reaches = fc.record({ households, level, beyond: households });
    fc.assert(
      fc.property(reaches, reaches, fc.option(reaches, { nil: undefined }), (a, b, confirmed) => {
        const least = (of: keyof LaterReach): number => Math.min(a[of], b[of]);
        const less = { households: least('households'), level: least('level'), beyond: least('beyond') };
        if (whyAsked(a, rule, confirmed) === undefined) expect(whyAsked(less, rule, confirmed)).toBeUndefined();
      }),
    );
  });
});
