import { describe, expect, it } from '@jest/globals';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { regionName, townshipsOf, isSpecialUnit } from '@fangpin/regions';
import { describeWithSharedData } from '@fangpin/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegionPosition } from '../boundaries/region-position.js';
import { judgeQuake, type LocatedQuake } from './judge-quake.rule.js';
import { QuakePlaces } from './quake-places.js';

const policy = loadPolicy();
const bare = new QuakePlaces([]);
const code = (text: string): RegionCode => parseRegionCode(text);
const yangbi = code('532922');

const quake = (over: Partial<LocatedQuake> = {}): LocatedQuake => ({
  id: 'yangbi',
  otherIds: [],
  magnitude: 6.4,
  magnitudeType: 'Ms',
  place: '',
  time: new Date('2021-05-21T21:48:34+08:00'),
  updated: new Date('2021-05-21T22:00:00+08:00'),
  deleted: false,
  type: 'earthquake',
  epicentre: [99.87, 25.67],
  depthKm: 8,
  network: 'cc',
  ...over,
});
const judge = (over: Partial<LocatedQuake> = {}, places = bare) => judgeQuake(quake(over), { policy, places });
const codesOf = (problems: readonly { readonly code: string }[]) => problems.map((problem) => problem.code);
const point = (text: string, lon: number, lat: number): RegionPosition => ({
  code: code(text),
  centroid: [lon, lat],
  bbox: [lon, lat, lon, lat],
});

describe('an earthquake', () => {
  it('shakes the counties that its Ⅵ line reaches, the nearest hardest', () => {
    const { content, recorded, problems } = judge();
    expect(recorded).toBe(false);
    expect(content).toMatchObject({
      kind: 'earthquake',
      level: 3,
      observed: true,
      lane: 'alert',
      judgedOn: '2021-05-21',
    });
    expect(content.headline).toBe(
      '云南省大理白族自治州漾濞彝族自治县附近发生6.4级地震，震源深度8千米，估计最大烈度Ⅷ度',
    );
    const { zones, ...facts } = content.facts?.intensity ?? { zones: [] };
    expect(facts).toEqual({ reported: false, magnitude: 6.4, depthKm: 8, latitude: 25.67, longitude: 99.87 });
    expect(zones.find(({ region }) => region === yangbi)?.intensity).toBe(8);
    expect(zones.map(({ region }) => region)).toEqual(content.regions);
    expect(codesOf(problems)).toEqual(['QUAKE.COMPUTED']);
  });

  it('too weak to damage is recorded, with the intensity that it had', () => {
    const { content, recorded, problems } = judge({ magnitude: 4.3, epicentre: [104.236, 25.659], depthKm: 6 });
    expect({ recorded, regions: content.regions, lane: content.lane }).toEqual({
      recorded: true,
      regions: [],
      lane: 'recorded',
    });
    expect(problems).toEqual([{ code: 'QUAKE.TOO_WEAK', text: '推算震中烈度Ⅴ度，不到Ⅵ度，仅作记录' }]);
  });

  it('abroad is recorded under the words of its catalogue', () => {
    const { content, recorded, problems } = judge({
      magnitude: 6.2,
      epicentre: [126.95, 7.45],
      place: '菲律宾群岛地区',
    });
    expect(recorded).toBe(true);
    expect(codesOf(problems)).toEqual(['QUAKE.NO_AREA_REACHED']);
    expect(content.headline).toBe('菲律宾群岛地区 发生6.2级地震，震源深度8千米');
  });

  it('far below the ground shakes less', () => {
    expect(judge({ depthKm: 60 }).content.level).toBeLessThan(judge().content.level);
    expect(judge({ depthKm: 200 }).recorded).toBe(true);
  });

  it('without a depth is taken as shallow, and says so', () => {
    const { depthKm: _, ...unknown } = quake();
    const { content, problems } = judgeQuake(unknown, { policy, places: bare });
    expect(content.facts?.intensity?.depthKm).toBe(10);
    expect(codesOf(problems)).toContain('QUAKE.DEPTH_ASSUMED');
  });

  it('is measured in Ms: Mw is raised to it, mb is taken with a note', () => {
    expect(judge({ magnitude: 6.1, magnitudeType: 'mww' })).toMatchObject({
      content: { level: 3, facts: { intensity: { magnitude: 6.1 } } },
      problems: [{ code: 'QUAKE.MAGNITUDE_CONVERTED', text: '震级mww 6.1按面波震级Ms 6.4推算烈度' }, {}],
    });
    for (const type of ['mb', 'ml', ''])
      expect(codesOf(judge({ magnitudeType: type }).problems)).toContain('QUAKE.MAGNITUDE_TYPE');
  });

  it('from before there was policy is history', () => {
    const { recorded, problems } = judge({ time: new Date('1833-09-06T00:00:00Z') });
    expect([recorded, codesOf(problems)]).toEqual([true, ['POLICY.NONE']]);
  });
});

describe('townships whose positions are loaded', () => {
  const townships = townshipsOf(yangbi).filter((township) => !isSpecialUnit(township.code));
  const near = (n: number) => townships.slice(0, n).map((township, i) => point(township.code, 99.87 + i * 0.6, 25.67));

  it('refine their county while some are missing', () => {
    const { content } = judge({}, new QuakePlaces(near(3)));
    expect(content.regions).toContain(yangbi);
    const zones = new Map(
      content.facts?.intensity?.zones.map(({ region, intensity }) => [region as string, intensity]),
    );
    const [a, b, c] = townships.map((township) => zones.get(township.code));
    expect([zones.get(yangbi), a]).toEqual([8, 8]);
    expect(Number(b)).toBeLessThan(Number(a));
    // Past the Ⅵ line, but within a county that is named: said, so that it does not take the degree of its county.
    expect(Number(c)).toBeLessThan(6);
  });

  it('stand for their county once all are there; those out of reach are not named', () => {
    const { content } = judge({}, new QuakePlaces(near(townships.length)));
    expect(content.regions).not.toContain(yangbi);
    const own = content.regions.filter((region) => region.startsWith(yangbi));
    expect(own).toEqual(townships.slice(0, 2).map((township) => township.code));
  });
});

describeWithSharedData('real earthquakes, measured at the boundaries of counties', (dataDir) => {
  interface Feature {
    readonly properties: { readonly adcode: string; readonly centroid: [number, number] };
    readonly bbox: [number, number, number, number];
    readonly geometry: { readonly type: 'MultiPolygon'; readonly coordinates: [number, number][][][] };
  }
  const { features } = JSON.parse(
    readFileSync(join(dataDir, 'boundaries', 'counties_yunnan_guizhou.geojson'), 'utf8'),
  ) as { readonly features: readonly Feature[] };
  const loaded = new QuakePlaces(
    features.map(({ properties, bbox, geometry }) => ({
      code: code(properties.adcode),
      centroid: properties.centroid,
      bbox,
      geometry,
    })),
  );
  const [header = '', ...lines] = readFileSync(join(dataDir, 'earthquakes', 'events_official.csv'), 'utf8')
    .trim()
    .split('\n');
  const official = (id: string): LocatedQuake => {
    const cells = lines.find((line) => line.startsWith(id))?.split(',') ?? [];
    const cell = (name: string) => String(cells[header.split(',').indexOf(name)]);
    return quake({
      id,
      magnitude: Number(cell('magnitude_ms')),
      time: new Date(cell('origin_time_local')),
      place: cell('place'),
      epicentre: [Number(cell('longitude')), Number(cell('latitude'))],
      depthKm: Number(cell('depth_km')),
    });
  };
  const names = (regions: readonly RegionCode[]) => regions.map((region) => regionName(region));

  it('names all six counties where Ⅵ was surveyed at Yangbi 2021', () => {
    const { content } = judgeQuake(official('YANGBI'), { policy, places: loaded });
    const surveyed = ['漾濞彝族自治县', '洱源县', '云龙县', '永平县', '巍山彝族回族自治县', '大理市'];
    expect(names(content.regions)).toEqual(expect.arrayContaining(surveyed));
    // What the line also reaches because the long axis counts in every direction.
    expect(names(content.regions).filter((name) => !surveyed.includes(String(name)))).toEqual([
      '隆阳区',
      '昌宁县',
      '祥云县',
      '宾川县',
      '弥渡县',
      '鹤庆县',
    ]);
    expect(content.level).toBe(3);
  });

  it('names Yaoan of 2009, and Yongren of the quake between Renhe and Huili of 2008', () => {
    expect(names(judgeQuake(official('YAOAN'), { policy, places: loaded }).content.regions)).toContain('姚安县');
    const renhe = judgeQuake(official('RENHE'), { policy, places: loaded });
    expect(names(renhe.content.regions)).toContain('永仁县');
    // The lanes of policy begin in 2020.
    expect(renhe.content.lane).toBe('recorded');
  });

  it('names by points what it names by outlines, but for counties that the line only grazes', () => {
    const differing = Object.fromEntries(
      ['YANGBI', 'JINGGU', 'YAOAN', 'RENHE'].map((id) => {
        const [outline = [], point = []] = [loaded, bare].map(
          (places) => judgeQuake(official(id), { policy, places }).content.regions,
        );
        const missed = names(outline.filter((region) => !point.includes(region)));
        return [id, { missed, more: names(point.filter((region) => !outline.includes(region))) }];
      }),
    );
    expect(differing).toEqual({
      YANGBI: { missed: ['昌宁县', '祥云县', '弥渡县'], more: ['剑川县'] },
      JINGGU: { missed: ['景东彝族自治县', '云县'], more: ['墨江哈尼族自治县'] },
      YAOAN: { missed: [], more: [] },
      RENHE: { missed: [], more: ['大姚县'] },
    });
  });
});
