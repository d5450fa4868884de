import { describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import fc from 'fast-check';
import { degreeOf, intensityAt, reachKm, zoneAreaKm2 } from './attenuation.rule.js';
import { readDegree, roman } from './roman.js';

const relation = loadPolicy().get('quake-attenuation', parseRegionCode('53'), '2021-05-21').value;
const magnitude = fc.double({ min: 3, max: 8.5, noNaN: true });
const depthKm = fc.double({ min: 0, max: 200, noNaN: true });
const distance = fc.double({ min: 0, max: 500, noNaN: true });

describe('intensity', () => {
  it('falls with the distance, whatever the magnitude and depth', () => {
    fc.assert(
      fc.property(magnitude, depthKm, distance, fc.double({ min: 1, max: 200, noNaN: true }), (m, d, r, more) => {
        const source = { magnitude: m, depthKm: d };
        expect(intensityAt(relation, source, r + more)).toBeLessThan(intensityAt(relation, source, r));
      }),
    );
  });

  it('rises with the magnitude', () => {
    fc.assert(
      fc.property(magnitude, depthKm, distance, fc.double({ min: 0.1, max: 1, noNaN: true }), (m, d, r, more) => {
        const at = (value: number) => intensityAt(relation, { magnitude: value, depthKm: d }, r);
        expect(at(m + more)).toBeGreaterThan(at(m));
      }),
    );
  });

  it('falls with a depth below the upper crust, and not within it', () => {
    const at = (depth: number) => intensityAt(relation, { magnitude: 6.4, depthKm: depth }, 10);
    expect(at(15)).toBe(at(0));
    fc.assert(
      fc.property(
        fc.double({ min: 15, max: 300, noNaN: true }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        (d, more) => expect(at(d + more)).toBeLessThan(at(d)),
      ),
    );
  });

  it('is what reaches as far as the reach says, and no farther', () => {
    fc.assert(
      fc.property(magnitude, depthKm, fc.integer({ min: 4, max: 9 }), (m, d, degree) => {
        const source = { magnitude: m, depthKm: d };
        const reach = reachKm(relation, source, degree);
        if (reach === undefined) expect(intensityAt(relation, source, 0)).toBeLessThanOrEqual(degree);
        else expect(intensityAt(relation, source, reach)).toBeCloseTo(degree, 6);
      }),
    );
  });

  it('never exceeds twelve degrees', () => {
    expect(intensityAt(relation, { magnitude: 10, depthKm: 0 }, 0)).toBe(12);
  });
});

describe('the relation beside surveyed zones', () => {
  it('gives Yangbi 2021 within a tenth for Ⅵ and Ⅶ; surveyed with Ⅵ and above 6,600 km², Ⅶ and above 1,100', () => {
    const yangbi = { magnitude: 6.4, depthKm: 8 };
    expect(zoneAreaKm2(relation, yangbi, 6) / 6_600).toBeCloseTo(1.07, 2);
    expect(zoneAreaKm2(relation, yangbi, 7) / 1_100).toBeCloseTo(1.04, 2);
    // Surveyed axes of Ⅵ: 106 km and 76 km.
    expect(reachKm(relation, yangbi, 6)).toBeCloseTo(59.5, 0);
    expect(reachKm(relation, yangbi, 6, relation.shortAxis)).toBeCloseTo(37.6, 0);
  });

  it('lets nobody of the surveyed Ⅵ line of Yangbi lie outside, because the long axis counts everywhere', () => {
    expect(reachKm(relation, { magnitude: 6.4, depthKm: 8 }, 6)).toBeGreaterThan(106 / 2);
  });
});

describe('degrees', () => {
  it('are the whole degrees that a value has reached', () => {
    expect([5.99, 6, 8.4].map(degreeOf)).toEqual([5, 6, 8]);
  });

  it('are read as notices write them, and written so', () => {
    for (const text of [8, '8', 'Ⅷ', 'Ⅷ度', 'viii', ' Ⅷ ']) expect(readDegree(text)).toBe(8);
    for (const text of [0, 13, 7.5, '', 'Ⅷ级', null, [8], '008']) expect(readDegree(text)).toBeUndefined();
    expect([6, 12].map(roman)).toEqual(['Ⅵ', 'Ⅻ']);
  });
});
