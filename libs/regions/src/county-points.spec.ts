import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRegionCode } from '@fangpin/domain-kit';
import { describeWithSharedData } from '@fangpin/testing';
import { childrenOf, countyPoint, countyPoints } from './index.js';

describe('the points of counties', () => {
  it('are there for every county of Yunnan and Guizhou, and for no other', () => {
    const counties = ['52', '53']
      .flatMap((province) => childrenOf(parseRegionCode(province)))
      .flatMap((prefecture) => childrenOf(prefecture.code))
      .filter(({ level }) => level === 'county');
    expect(countyPoints().map(({ code }) => code)).toEqual(counties.map(({ code }) => code).sort());
    expect(countyPoint(parseRegionCode('110101'))).toBeUndefined();
  });

  it('put Yongren on the Jinsha, with some two thousand square kilometres', () => {
    const yongren = countyPoint(parseRegionCode('532327'));
    expect(yongren?.lon).toBeCloseTo(101.6, 0);
    expect(yongren?.lat).toBeCloseTo(26.2, 0);
    expect(yongren?.areaKm2).toBeGreaterThan(2_000);
  });
});

describeWithSharedData('the points of counties', (dataDir) => {
  it('are those of the collected boundaries', () => {
    const [, ...lines] = readFileSync(join(dataDir, 'boundaries', 'centroids.csv'), 'utf8')
      .trim()
      .split('\n');
    const counties = lines.map((line) => line.split(',')).filter((cells) => cells[3] === 'county');
    expect(counties).toHaveLength(countyPoints().length);
    for (const cells of counties)
      expect(countyPoint(parseRegionCode(String(cells[1])))).toMatchObject({
        lon: Number(cells[4]),
        lat: Number(cells[5]),
        areaKm2: Math.round(Number(cells[10])),
      });
  });
});
