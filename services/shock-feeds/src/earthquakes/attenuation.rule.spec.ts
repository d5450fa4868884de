import { describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { describeWithSharedData } from '@fangpin/testing';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { degreeOf, intensityAt, reachKm, zoneAreaKm2, type Source } from './attenuation.rule.js';
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

describeWithSharedData('the relation beside the surveys of four earthquakes', (dataDir) => {
  const rows = (name: string): string[][] =>
    readFileSync(join(dataDir, 'earthquakes', name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
  const [header = [], ...events] = rows('events_official.csv');
  const eventOf = (id: string): Source => {
    const cells = events.find(([first]) => first === id) ?? [];
    const cell = (name: string): number => Number(cells[header.indexOf(name)] || 10);
    return { magnitude: cell('magnitude_ms'), depthKm: cell('depth_km') };
  };
  /** Area of a degree and all above it, km²; a row of `Ⅵ+` is that already. */
  const surveyed = (id: string, degree: number): number => {
    const zones = rows('intensity_zones.csv').filter(([event]) => event === id);
    const whole = zones.find(([, text = '']) => text === `${roman(degree)}+`);
    const parts = zones.filter(([, text]) => (readDegree(text) ?? 0) >= degree);
    return (whole === undefined ? parts : [whole]).reduce((sum, [, , area]) => sum + Number(area), 0);
  };

  it('gives the areas of docs/adr/0015-earthquakes.md, computed/surveyed', () => {
    const table = ['YANGBI-20210521', 'JINGGU-20141007', 'KANGDING-201411', 'XIANGGELILA-20130831'].map((id) => [
      id.slice(0, id.indexOf('-')),
      ...[6, 7, 8].map((degree) => `${Math.round(zoneAreaKm2(relation, eventOf(id), degree))}/${surveyed(id, degree)}`),
    ]);
    expect(table).toEqual([
      ['YANGBI', '7032/6600', '1142/1100', '42/170'],
      ['JINGGU', '10460/12960', '1921/1960', '143/130'],
      ['KANGDING', '5726/8760', '860/1950', '17/340'],
      ['XIANGGELILA', '2358/7241', '212/1138', '0/118'],
    ]);
  });

  it('has every surveyed Ⅵ area within its scatter', () => {
    for (const id of ['YANGBI-20210521', 'JINGGU-20141007', 'KANGDING-201411', 'XIANGGELILA-20130831']) {
      const area = surveyed(id, 6);
      expect(area).toBeGreaterThan(zoneAreaKm2(relation, eventOf(id), 6 + relation.sigma));
      expect({ id, within: area < zoneAreaKm2(relation, eventOf(id), 6 - relation.sigma) }).toEqual({
        id,
        within: true,
      });
    }
  });
});
