import { describe, expect, it } from '@jest/globals';
import { InvalidFields } from '@fangpin/domain-kit';
import { readReport } from './read-report.js';

const NOW = new Date('2026-07-19T00:00:00+08:00');
const known = { has: (region: string) => region === '53' || region.startsWith('532327') } as never;
const report = {
  kind: '非洲猪瘟',
  observed: true,
  regions: ['532327101', '532327102'],
  onset: '2026-07-18T04:30:00+08:00',
  headline: '永定镇发生非洲猪瘟疫情',
  source: '县农业农村局',
  animalDisease: [
    { region: '532327101', product: '生猪', deadHeads: 30, culledHeads: 120 },
    { region: '532327102', product: 'pig', culledHeads: 40 },
  ],
};

function problemsOf(change: object): string[] {
  try {
    readReport({ ...report, ...change }, NOW, known);
  } catch (error) {
    if (error instanceof InvalidFields) return error.problems.map(({ field, rule }) => `${field} ${rule}`);
    throw error;
  }
  return [];
}

describe('a report of an animal disease', () => {
  it('counts heads dead and killed by order, by area, or counts none yet', () => {
    expect(readReport(report, NOW, known)).toMatchObject({
      kind: 'african-swine-fever',
      animalDisease: [
        { region: '532327101', product: 100, deadHeads: 30, culledHeads: 120 },
        { region: '532327102', product: 100, deadHeads: 0, culledHeads: 40 },
      ],
    });
    const { animalDisease: _, ...uncounted } = report;
    expect(readReport(uncounted, NOW, known).animalDisease).toBeUndefined();
  });

  it('is refused with every fault named', () => {
    const of = (entry: object) => problemsOf({ animalDisease: [{ ...report.animalDisease[0], ...entry }] });
    expect(of({ product: '玉米' })).toEqual([
      'animalDisease[0].product must be a known animal by its key or Chinese name',
    ]);
    expect(of({ region: '532327103' })).toEqual(['animalDisease[0].region must lie within one of regions']);
    expect(of({ deadHeads: -1, pens: 2 })).toEqual([
      'animalDisease[0].pens is not a known member',
      'animalDisease[0].deadHeads must be an integer from 0 to 100000000',
    ]);
    expect(of({ deadHeads: null, culledHeads: null })).toEqual([
      'animalDisease[0].deadHeads must be given, or culledHeads',
    ]);
    expect(problemsOf({ animalDisease: [report.animalDisease[0], report.animalDisease[0]] })).toEqual([
      'animalDisease[1].region is named twice for the same animal',
    ]);
  });

  it('is neither a forecast nor damage of a disaster, and disasters take no animals by disease', () => {
    expect(problemsOf({ observed: false })).toEqual(['animalDisease belongs to what has been observed']);
    expect(problemsOf({ kind: 'hail' })).toEqual([
      'animalDisease belongs to reports of animal diseases (african-swine-fever …)',
    ]);
    expect(problemsOf({ damage: [{ region: '532327101', cropHitMu: 5 }] })).toEqual(['damage belongs to disasters']);
  });
});
