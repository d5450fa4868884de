/** The page docs/worked-examples/yangbi-earthquake-2021.md, made again from the published magnitude and intensity zones. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { describeWithSharedData } from '@fangpin/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ExplainedAlertResponse } from '../../services/risk-alerts/src/alerts/alert.responses.js';
import type { FanOutResponse } from '../../services/risk-alerts/src/ledger/fan-out.response.js';
import { blockOf, figuresOf, recordRows, row, townshipRows } from './page.js';
import { startWorkedWorld, type WorkedWorld } from './world.js';

const PAGE = 'yangbi-earthquake-2021';
const EVENT = 'YANGBI-20210521';
const DEGREES = ['', '', '', '', '', '', 'Ⅵ', 'Ⅶ', 'Ⅷ'];

describeWithSharedData('the Yangbi earthquake of 2021 in a made-up 漾濞县', (dataDir) => {
  const csv = (name: string): string[][] =>
    readFileSync(path.join(dataDir, 'earthquakes', name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(',').map((cell) => cell.trim()));
  let world: WorkedWorld;
  let shockId: string;
  let computed: FanOutResponse;
  let surveyed: FanOutResponse;
  let computedIntensity: ReadonlyMap<string, number>;
  let intensity: ReadonlyMap<string, number>;
  let examples: ExplainedAlertResponse[];

  beforeAll(async () => {
    world = await startWorkedWorld({
      county: parseRegionCode('532922'),
      households: 1_400,
      assessedOn: '2021-05-21',
    });
    const [, , place = '', latitude, longitude, depth, magnitude] =
      csv('events_official.csv').find(([id]) => id === EVENT) ?? [];
    const time = Date.parse('2021-05-21T21:48:34+08:00');
    const answer = await world.feeds.call('POST', '/v1/shocks/earthquakes', {
      body: {
        type: 'Feature',
        id: EVENT,
        properties: {
          ...{ mag: Number(magnitude), magType: 'Ms', place, time, updated: time + 600_000 },
          ...{ status: 'reviewed', type: 'earthquake', net: 'cc' },
        },
        geometry: { type: 'Point', coordinates: [longitude, latitude, depth].map(Number) },
      },
    });
    shockId = String(answer.body['shockId']);
    computed = await world.done(shockId);
    computedIntensity = await degrees();
    const zones = csv('intensity_zones.csv')
      .filter(([id]) => id === EVENT)
      .map(([, degree, , , places]) => ({ intensity: degree, places }));
    await world.feeds.call('POST', `/v1/shocks/${shockId}/intensity-zones`, {
      body: { zones, source: '中国地震局烈度图', surveyedAt: '2021-05-25T18:00:00+08:00' },
    });
    surveyed = await world.done(shockId, ({ revision }) => revision > computed.revision);
    intensity = await degrees();
    examples = await world.examples(shockId, [4, 3, 1]);
  }, 180_000);
  afterAll(() => world.close());

  const degrees = async (): Promise<ReadonlyMap<string, number>> => {
    const view = (await world.feeds.call('GET', `/v1/shocks/${shockId}`)).body;
    const { zones } = view['intensity'] as { zones: { region: string; intensity: number }[] };
    return new Map(zones.map((zone) => [zone.region, zone.intensity]));
  };
  /** A township that no zone names has the degree of its county. */
  const degreeOf = (region: string): number => intensity.get(region) ?? intensity.get(region.slice(0, 6)) ?? 0;

  it('adds up', () => {
    for (const ledger of [computed, surveyed]) {
      expect(ledger.exposed).toBe(ledger.alerted + ledger.withheld);
      expect(ledger.alerted).toBe(ledger.listed + ledger.casesOpened + ledger.casesAttached + ledger.parked);
    }
  });

  it('gives the zones of the map and what stands in each', () => {
    const lines = [8, 7, 6].map((degree) => {
      const inside = surveyed.townships.filter(({ region }) => degreeOf(region) === degree);
      const figures = inside
        .map(figuresOf)
        .reduce((sum, of) => sum.map((n, i) => n + (of[i] ?? 0)), Array<number>(9).fill(0));
      return row(DEGREES[degree] ?? '', inside.map(({ name }) => name).join('、'), ...figures);
    });
    expect(blockOf(PAGE, 'zones').slice(1)).toEqual(lines);
  });

  it('finds by township what the page says, by the survey and before it', () => {
    const degree = (region: string): string[] => [DEGREES[degreeOf(region)] ?? ''];
    expect(blockOf(PAGE, 'townships').slice(1)).toEqual(townshipRows(surveyed, degree));
    const all = [...computedIntensity].map(([region, of]) => `${region} ${DEGREES[of]}`).join('、');
    expect(blockOf(PAGE, 'computed').slice(1)).toEqual([row(all, ...figuresOf(computed))]);
  });

  it('says how many alerts the survey takes back, and how many are red before and after it', () => {
    const standing = Object.values(surveyed.severities).reduce((sum, count) => sum + count, 0);
    const reds = [computed, surveyed].map(({ severities }) => severities['red'] ?? 0);
    expect(blockOf(PAGE, 'after-survey').slice(1)).toEqual([
      row(surveyed.alerted, standing, surveyed.alerted - standing, ...reds),
    ]);
  });

  it('explains three households as the page does, by the values that the page lists', () => {
    expect(blockOf(PAGE, 'examples')).toEqual(examples.map(({ explanation }) => `> ${explanation.text}`));
    expect(examples.every(({ explanation }) => explanation.recomputed)).toBe(true);
    expect(blockOf(PAGE, 'values').slice(1)).toEqual(recordRows(examples));
  });
});
