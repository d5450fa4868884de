import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import { NoPolicy, PolicySet, loadPolicy, type PolicyRecord } from './index.js';

const policy = loadPolicy();
const yunnan = parseRegionCode('53');
const guizhou = parseRegionCode('52');
const yongren = parseRegionCode('532327');
const day = '2026-07-18';

const confirmOver = (region: string, from: string, households: number, to?: string): PolicyRecord => ({
  key: 'confirm-over',
  region: parseRegionCode(region),
  from,
  ...(to === undefined ? {} : { to }),
  value: { households },
  source: { document: 'a spec', grade: 'G' },
  author: 'a spec',
  reason: 'a spec',
});

describe('the monitoring line', () => {
  it('is the sourced one of its province and year', () => {
    expect(policy.line(yongren, '2023-07-01')).toMatchObject({ fen: 805_000, assumed: false, year: 2023 });
    expect(policy.line(yunnan, '2025-12-31')).toMatchObject({ fen: 870_000, assumed: false, year: 2025 });
  });

  it.each([
    ['2021-05-30', 600_000, 2020],
    ['2022-12-31', 600_000, 2020],
    ['2026-07-18', 870_000, 2025],
  ])('of Yunnan on %s, sourced nowhere, is the latest earlier one and marked assumed', (on, fen, year) => {
    expect(policy.line(yunnan, on)).toMatchObject({ fen, year, assumed: true });
  });

  it('of Guizhou is assumed even in its year, since it is the line of an insurance', () => {
    expect(policy.line(guizhou, '2021-07-01')).toMatchObject({ fen: 600_000, assumed: true, year: 2021 });
  });

  it('belongs to its year, also where its record states no last day', () => {
    const line = (region: RegionCode, from: string, fen: number, to?: string): PolicyRecord => ({
      ...{ key: 'monitoring-line', region, from, value: { fen }, ...(to === undefined ? {} : { to }) },
      ...{ source: { document: 'a spec', grade: 'G' }, author: 'a spec', reason: 'a spec' },
    });
    const set = new PolicySet('v', [
      line(yongren, '2025-01-01', 900_000),
      line(yunnan, '2026-01-01', 910_000, '2026-12-31'),
    ]);
    expect(set.line(yongren, '2025-12-31')).toMatchObject({ fen: 900_000, assumed: false });
    expect(set.line(yongren, '2026-07-18')).toMatchObject({ fen: 910_000, assumed: false });
    expect(set.line(yongren, '2027-07-18')).toMatchObject({ fen: 910_000, assumed: true, year: 2026 });
    // From the middle of the year: the earlier one had a last day of its own.
    const raised = new PolicySet('v', [
      line(yunnan, '2024-01-01', 860_000, '2024-03-13'),
      line(yunnan, '2024-03-14', 870_000),
    ]);
    expect(['2024-03-13', '2024-03-14', '2025-01-01'].map((on) => raised.line(yunnan, on).fen)).toEqual([
      860_000, 870_000, 870_000,
    ]);
  });

  it('is refused where no line was ever sourced before the day', () => {
    expect(() => policy.line(yunnan, '2019-12-31')).toThrow(NoPolicy);
    expect(() => policy.line(parseRegionCode('51'), day)).toThrow(NoPolicy);
  });
});

describe('which value holds', () => {
  const set = new PolicySet('v', [
    confirmOver('00', '2020-01-01', 1),
    confirmOver('53', '2021-01-01', 2, '2021-12-31'),
    confirmOver('53', '2023-01-01', 3),
    confirmOver('5323', '2024-01-01', 4),
  ]);
  const at = (region: RegionCode, on: string) => set.get('confirm-over', region, on).value.households;

  it('is that of the most specific region', () => {
    expect([at(yongren, '2024-06-01'), at(yunnan, '2024-06-01'), at(guizhou, '2024-06-01')]).toEqual([4, 3, 1]);
  });

  it('is the latest begun, and falls back to the wider region where the place has none', () => {
    expect(['2020-12-31', '2021-01-01', '2022-01-01', '2023-01-01'].map((on) => at(yongren, on))).toEqual([1, 2, 1, 3]);
  });

  it('is named by its record, which can be read again', () => {
    const { recordId } = set.get('confirm-over', yongren, '2024-06-01');
    expect(recordId).toBe('confirm-over/5323/2024-01-01');
    expect(set.describe(recordId)?.value).toEqual({ households: 4 });
    expect(set.describe('confirm-over/5323/2020-01-01')).toBeUndefined();
  });

  it('never begins after the day that was asked for', () => {
    const days = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, fc.constantFrom('00', '53', '5323', '532327', '52'), (date, code) => {
        const on = date.toISOString().slice(0, 10);
        expect(set.get('confirm-over', parseRegionCode(code), on).from <= on).toBe(true);
      }),
    );
  });

  it('is refused, naming key, place and day, where nothing holds', () => {
    expect(() => set.get('confirm-over', yunnan, '2019-12-31')).toThrow(/confirm-over in region 53 on 2019-12-31/);
    expect(() => policy.get('crop-loss', yunnan, day, 'grapes')).toThrow(/crop-loss of grapes/);
  });
});

describe('the lane of a shock', () => {
  const lane = (kind: string, level: number, observed = false) =>
    policy.lane({ kind, level, observed }, yongren, day).value;

  it('is notice for red and orange warnings of rain, flood, hail and landslide', () => {
    for (const kind of ['rainstorm', 'flood', 'flash-flood', 'hail', 'geological'])
      expect([4, 3, 2, 1, 0].map((level) => lane(kind, level))).toEqual([
        'notice',
        'notice',
        'recorded',
        'recorded',
        'recorded',
      ]);
  });

  it('is recorded for thunder, fog and unknown kinds', () => {
    for (const kind of ['thunderstorm', 'fog', 'never-heard-of']) expect(lane(kind, 4)).toBe('recorded');
  });

  it('is alert for whatever has happened', () => {
    for (const kind of ['hail', 'earthquake', 'price-fall', 'lay-off']) expect(lane(kind, 0, true)).toBe('alert');
  });
});

describe('tables by subject', () => {
  it('answer for every product at once, and for one by name', () => {
    const crops = policy.table('crop-loss', yongren, day);
    expect(crops.size).toBeGreaterThanOrEqual(12);
    expect(crops.get('rice')?.value).toEqual(policy.get('crop-loss', yongren, day, 'rice').value);
  });

  it('answer with other for a subject without a record of its own', () => {
    expect(policy.get('price-fall', yongren, day, 'mango').recordId).toBe('price-fall.other/00/2020-01-01');
  });
});
