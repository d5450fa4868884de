import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
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

  const stock = { ...report, kind: 'unsold-stock', damage: [] };
  const layOff = { ...report, kind: '裁员', regions: ['532327'], damage: [] };

  it('of unsold stock names products with their quantity', () => {
    const products = [
      { product: '蔬菜', quantityKg: 120_000.4, offeredFenPerKg: 40 },
      { product: 'pig', quantityKg: 9_000 },
    ];
    expect(readReport({ ...stock, unsoldStock: { products } }, NOW, known as never).unsoldStock).toEqual({
      products: [
        { product: 5, quantityKg: 120_000, offeredFenPerKg: 40 },
        { product: 100, quantityKg: 9_000, offeredFenPerKg: 0 },
      ],
    });
    expect(problemsOf(stock)).toEqual(['unsoldStock must be a JSON object']);
    expect(problemsOf({ ...stock, unsoldStock: {} })).toEqual(['unsoldStock.products must name at least one product']);
    const wrong = [{ product: '建筑', quantityKg: 1 }, { product: '蔬菜', quantityKg: 0, price: 3 }, ...products];
    expect(problemsOf({ ...stock, unsoldStock: { products: wrong } }).map((text) => text.split(' ')[0])).toEqual([
      'unsoldStock.products[0].product',
      'unsoldStock.products[1].price',
      'unsoldStock.products[1].quantityKg',
      'unsoldStock.products[2].product',
    ]);
  });

  it('of a lay-off names the firm by its credit code, or the workplaces of its regions', () => {
    const of = (given: unknown) => readReport({ ...layOff, layOff: given }, NOW, known as never);
    expect(of({ employer: '9144030071526726XG', branches: ['制造', 'services', '制造'], persons: 30 })).toMatchObject({
      kind: 'lay-off',
      layOff: { employer: '9144030071526726XG', branches: [201, 202], persons: 30 },
    });
    expect(of({}).layOff).toEqual({ employer: '', branches: [], persons: 0 });
    expect(problemsOf(layOff)).toEqual(['layOff must be a JSON object']);
    const wrong = { employer: '91440300715267260G', branches: ['烤烟'], persons: 1.5, city: '东莞' };
    expect(problemsOf({ ...layOff, layOff: wrong }).map((text) => text.split(' ')[0])).toEqual([
      'layOff.city',
      'layOff.employer',
      'layOff.branches[0]',
      'layOff.persons',
    ]);
  });

  it('of a water cut names the schemes, each once, or none where all of the regions are dry', () => {
    const cut = { ...report, kind: '停水', damage: [] };
    const of = (given: unknown) => readReport({ ...cut, waterCut: given }, NOW, known as never).waterCut;
    expect(of({ schemes: ['yr-02', 'yr-01', 'yr-02'], days: 5 })).toEqual({ schemes: ['yr-01', 'yr-02'], days: 5 });
    expect(of({})).toEqual({ schemes: [], days: 0 });
    expect(problemsOf(cut)).toEqual(['waterCut must be a JSON object']);
    expect(
      problemsOf({ ...cut, waterCut: { schemes: ['苴却水厂'], days: 9_999, litres: 1 } }).map(
        (text) => text.split(' ')[0],
      ),
    ).toEqual(['waterCut.litres', 'waterCut.schemes[0]', 'waterCut.days']);
    expect(problemsOf({ ...report, waterCut: {} })).toEqual(['waterCut belongs to reports of kind water-cut']);
  });

  it('takes facts of a lay-off, of unsold stock and damage only where they belong', () => {
    expect(problemsOf({ ...report, unsoldStock: {}, layOff: {} })).toEqual([
      'unsoldStock belongs to reports of kind unsold-stock',
      'layOff belongs to reports of kind lay-off',
    ]);
    expect(problemsOf({ ...layOff, layOff: {}, regions: report.regions, damage: report.damage })).toEqual([
      'damage belongs to disasters',
    ]);
  });

  it('may go on with a shock, and explains itself only then', () => {
    const shockId = '0F4C1A52-7a0c-8d3e-9b1f-000000000001';
    expect(readReport({ ...report, shockId, explanation: '复核' }, NOW, known as never)).toMatchObject({
      shockId: shockId.toLowerCase(),
      explanation: '复核',
    });
    expect(problemsOf({ ...report, shockId: 'x' })).toEqual(['shockId must be the id of a shock']);
    expect(problemsOf({ ...report, explanation: '复核' })).toEqual([
      'explanation belongs to a report that goes on with another (shockId)',
    ]);
  });

  it('whatever it holds is read, or refused by the names of its fields', () => {
    const word = fc.oneof(fc.constantFrom('hail', 'lay-off', 'unsold-stock', '532327', '蔬菜', '制造'), fc.string());
    const value = fc.oneof(word, fc.jsonValue(), fc.double(), fc.array(word), fc.dictionary(word, fc.jsonValue()));
    const body = fc.dictionary(
      fc.constantFrom(...Object.keys(report), 'unsoldStock', 'layOff', 'shockId', 'explanation'),
      value,
    );
    fc.assert(
      fc.property(fc.oneof(body, fc.jsonValue()), (over) => {
        const given = typeof over === 'object' && over !== null && !Array.isArray(over) ? { ...report, ...over } : over;
        expect(Array.isArray(problemsOf(given))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('names nobody by a number', () => {
    expect(problemsOf({ ...report, headline: '户主11010519491231002X受灾', source: '李某13800138000' })).toEqual([
      'headline must hold no ID number and no phone number',
      'source must hold no ID number and no phone number',
    ]);
  });

  it('that is no object is refused', () => {
    for (const body of [undefined, null, [], 'x', 3]) expect(problemsOf(body)).toEqual(['body must be a JSON object']);
    expect(problemsOf({})).toHaveLength(6);
  });
});
