import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadPolicy } from '@fangpin/policy';
import { COUNTRY } from '@fangpin/domain-kit';
import { announces, followUpOf, type NamedShock } from './follow-up.rule.js';
import { figuresOf, jumpsBetween, type Figures } from './report-jump.rule.js';
import type { ShockReport } from './report.js';

const policy = loadPolicy();
const DAY = '2026-07-18';
const matchOf = (kind: string) => policy.get('forecast-match', COUNTRY, DAY, kind).value;
const jump = policy.get('report-jump', COUNTRY, DAY).value;

const report = (over: Partial<ShockReport> = {}): ShockReport => ({
  kind: 'flood',
  level: 0,
  observed: true,
  regions: [],
  onset: new Date('2026-07-18T04:30:00+08:00'),
  expires: null,
  headline: '洪涝灾情',
  source: '县应急管理局',
  damage: [],
  shockId: '0f4c1a52-7a0c-8d3e-9b1f-000000000001',
  ...over,
});
const earlier: NamedShock = { origin: 'report', kind: 'flood', observed: true, state: 'open' };
const warning: NamedShock = { origin: 'cap', kind: 'rainstorm', observed: false, state: 'open' };
const follow = (named: NamedShock, over: Partial<ShockReport> = {}) =>
  followUpOf(report(over), named, matchOf(over.kind ?? 'flood'));

describe('a report that names a shock', () => {
  it('goes on with an open report of its kind, or makes a warning that announces it come true', () => {
    expect(follow(earlier)).toEqual({ is: 'next' });
    expect(follow(warning)).toEqual({ is: 'come-true' });
    expect(follow({ ...warning, state: 'ended' })).toEqual({ is: 'come-true' });
    expect(follow({ ...earlier, observed: false }, { observed: false })).toEqual({ is: 'next' });
    expect(follow({ ...earlier, observed: false })).toEqual({ is: 'come-true' });
  });

  it('counts again what was observed and is over', () => {
    expect(follow({ ...earlier, state: 'ended' })).toEqual({ is: 'final-count' });
  });

  it.each([
    ['a report called off', { ...earlier, state: 'cancelled' }, {}, 'shockId'],
    ['a forecast that is over', { ...earlier, observed: false, state: 'ended' }, { observed: false }, 'shockId'],
    ['a report of another kind', earlier, { kind: 'hail' }, 'kind'],
    ['a warning called off', { ...warning, state: 'cancelled' }, {}, 'shockId'],
    ['a warning of something else', { ...warning, kind: 'drought' }, {}, 'kind'],
    ['a warning, when it forecasts itself', warning, { observed: false }, 'shockId'],
    ['what was observed, when it forecasts', earlier, { observed: false }, 'observed'],
    ['a fall of prices', { ...earlier, origin: 'price', kind: 'price-fall' }, {}, 'shockId'],
  ] as const)('does not follow %s', (_, named, over, field) => {
    expect(follow(named, over)).toMatchObject({ is: 'refused', problem: { field } });
  });

  it('comes of warnings as the families of weather go', () => {
    for (const kind of ['rainstorm', 'flash-flood', 'geological'])
      expect(announces(kind, 'flood', matchOf('flood'))).toBe(true);
    expect(announces('thunderstorm-gale', 'hail', matchOf('hail'))).toBe(true);
    expect(announces('drought', 'flood', matchOf('flood'))).toBe(false);
    expect(announces('forest-fire', 'forest-fire', matchOf('forest-fire'))).toBe(true);
    expect(announces('fog', 'forest-fire', matchOf('forest-fire'))).toBe(false);
  });
});

describe('a later report of one event', () => {
  const first: Figures = { cropHitMu: 300, cropDamagedMu: 100, cropLostMu: 0, housesCollapsed: 2, housesDamaged: 20 };

  it('may grow, and tell for the first time what was not reported', () => {
    expect(jumpsBetween(first, { ...first, cropHitMu: 800, cropLostMu: 90, housesCollapsed: 9 }, jump)).toEqual([]);
  });

  it('needs a word where a figure falls or jumps', () => {
    const next = { ...first, cropHitMu: 1_000, housesDamaged: 19 };
    expect(jumpsBetween(first, next, jump)).toEqual([
      { figure: 'cropHitMu', before: 300, after: 1_000 },
      { figure: 'housesDamaged', before: 20, after: 19 },
    ]);
  });

  it('never needs one for saying the same again', () => {
    const figure = fc.nat(1e6);
    const figures = fc.record({
      ...{ cropHitMu: figure, cropDamagedMu: figure, cropLostMu: figure },
      ...{ housesCollapsed: figure, housesDamaged: figure },
    });
    fc.assert(fc.property(figures, (same) => jumpsBetween(same, same, jump).length === 0));
  });

  it('is summed over its areas', () => {
    const area = { region: '532327101', products: [], cropHitCentimu: 150, cropDamagedCentimu: 50 };
    const rest = { cropLostCentimu: 0, housesCollapsed: 1, housesDamaged: 2 };
    expect(
      figuresOf([
        { ...area, ...rest },
        { ...area, ...rest },
      ] as never),
    ).toEqual({
      cropHitMu: 3,
      cropDamagedMu: 1,
      cropLostMu: 0,
      housesCollapsed: 2,
      housesDamaged: 4,
    });
  });
});
