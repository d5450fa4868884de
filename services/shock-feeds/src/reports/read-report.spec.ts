import { describe, expect, it } from '@jest/globals';
import { InvalidFields } from '@fangpin/domain-kit';
import { readReport } from './read-report.js';

const NOW = new Date('2026-07-19T00:00:00+08:00');
const known = { has: (region: string) => region === '53' || region.startsWith('532327') };
const report = {
  kind: 'hail',
  level: 'red',
  observed: true,
  regions: ['532327101', '532327'],
  onset: '2026-07-18T04:30:00+08:00',
  headline: '冰雹灾情',
  source: '县应急管理局',
  damage: [
    { region: '532327101', cropHitMu: 120.5, cropDamagedMu: 60, cropLostMu: 10, products: ['烤烟'], housesDamaged: 2 },
  ],
};

function problemsOf(body: unknown): string[] {
  try {
    readReport(body, NOW, known as never);
  } catch (error) {
    if (error instanceof InvalidFields) return error.problems.map(({ field, rule }) => `${field} ${rule}`);
    throw error;
  }
  return [];
}

describe("an officer's report", () => {
  it('is read into our own words and units', () => {
    expect(readReport(report, NOW, known as never)).toEqual({
      kind: 'hail',
      level: 4,
      observed: true,
      regions: ['532327'],
      onset: new Date('2026-07-17T20:30:00Z'),
      expires: null,
      headline: '冰雹灾情',
      source: '县应急管理局',
      damage: [
        {
          region: '532327101',
          cropHitCentimu: 12_050,
          cropDamagedCentimu: 6_000,
          cropLostCentimu: 1_000,
          products: [6],
          housesCollapsed: 0,
          housesDamaged: 2,
        },
      ],
    });
    expect(readReport({ ...report, kind: '冰雹', level: '红色' }, NOW, known as never)).toMatchObject({
      kind: 'hail',
      level: 4,
    });
  });

  it('with several faults names every one of them at once', () => {
    const body = {
      kind: 'meteor',
      level: 'purple',
      observed: 'yes',
      regions: ['532327', '999999', 'x'],
      onset: '2026-07-18',
      headline: ' ',
      source: 'a\u0000b',
      note: 'hello',
      damage: [
        { region: '520112', cropHitMu: -1, housesCollapsed: 1.5 },
        { region: '532327101', cropHitMu: 1, cropDamagedMu: 2, products: ['生猪'], depth: 3 },
        'x',
      ],
    };
    expect(problemsOf(body).map((problem) => problem.split(' ')[0])).toEqual([
      'note',
      'kind',
      'level',
      'observed',
      'regions[1]',
      'regions[2]',
      'onset',
      'headline',
      'source',
      'damage[2]',
      'damage[0].region',
      'damage[0].cropHitMu',
      'damage[0].housesCollapsed',
      'damage[1].depth',
      'damage[1].products[0]',
      'damage[1].cropDamagedMu',
    ]);
  });

  it('of what has been observed cannot lie in the future, nor end before it begins', () => {
    expect(problemsOf({ ...report, onset: '2026-07-20T00:00:00+08:00' })).toEqual([
      'onset must not lie in the future for what has been observed',
    ]);
    expect(problemsOf({ ...report, expires: report.onset })).toEqual(['expires must lie after onset']);
  });

  it('names damage only within its own area', () => {
    const elsewhere = { ...report, regions: ['532327102'] };
    expect(problemsOf(elsewhere)).toEqual(['damage[0].region must lie within one of regions']);
  });

  it('that is no object is refused', () => {
    for (const body of [undefined, null, [], 'x', 3]) expect(problemsOf(body)).toEqual(['body must be a JSON object']);
    expect(problemsOf({})).toHaveLength(6);
  });
});
