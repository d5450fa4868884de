import { loadPolicy, type RegionalWarningAbove } from '@fangpin/policy';
import { parseRegionCode } from '@fangpin/domain-kit';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AreaRule, Standing } from './area-warning.rule.js';
import { areaAbove, areaOf, findArea, isJudgedIn, isNamed, partOf, regionOf, type Area } from './areas.js';
import { judgeAbove, partsOf, ruleAbove, type AboveFacts } from './judge-above.rule.js';

const policy: RegionalWarningAbove = loadPolicy().get(
  'regional-warning-above',
  parseRegionCode('53'),
  '2026-07-18',
  'share',
).value;
const area = (code: string): Area => findArea(code) as Area;
const countyOf = (code: number): number => code * 1e9;
const CHUXIONG = area('5323');
const YUNNAN = area('53');
/** Facts by county code: households at risk, of active ones. */
const facts = (
  rows: Readonly<Record<string, readonly [number, number]>>,
  struck: readonly string[] = [],
): AboveFacts => ({
  active: new Map(Object.entries(rows).map(([code, [, of]]) => [countyOf(Number(code)), of])),
  atRisk: new Map(Object.entries(rows).flatMap(([code, [n]]) => (n === 0 ? [] : [[countyOf(Number(code)), n]]))),
  isStruck: (part) => struck.includes(regionOf(part)),
});
const judge = (where: Area, given: AboveFacts, before?: Standing, rule = ruleAbove(policy, 'prefecture'), atMs = 0) =>
  judgeAbove(where, given, before, rule, atMs);

describe('a prefecture or province judged by its counties', () => {
  it('is warned of where two counties carry it, and not for one however hard hit', () => {
    const two = facts({ 532327: [600, 20_000], 532328: [500, 15_000] });
    expect(judge(CHUXIONG, two)).toMatchObject({
      figures: { households: 1_100, of: 35_000, parts: 2, struckParts: 0, spread: { carrying: 2, holding: 2 } },
      standing: { state: 'open' },
    });
    const one = facts({ 532327: [15_000, 20_000], 532328: [170, 15_000] }, ['532327']);
    expect(judge(CHUXIONG, one)).toMatchObject({ figures: { spread: { carrying: 1 } }, standing: undefined });
    expect(judge(CHUXIONG, facts({ 532327: [15_000, 20_000] }, ['532327'])).standing).toBeUndefined();
  });

  it('is warned of where three of its parts are, though its own share is small', () => {
    const rows = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [532320 + n, [20, 20_000] as const]));
    expect(judge(CHUXIONG, facts(rows, ['532321', '532322'])).standing).toBeUndefined();
    expect(judge(CHUXIONG, facts(rows, ['532321', '532322', '532323'])).standing?.state).toBe('open');
  });

  it('eases when one county alone is left to carry it, and ends a month after', () => {
    const day = 86_400_000;
    const open: Standing = { state: 'open', openedMs: 0, sinceMs: 0 };
    const left = facts({ 532327: [5_000, 20_000], 532328: [179, 15_000] });
    const { standing: eased, figures } = judge(CHUXIONG, left, open, undefined, day);
    expect(figures.spread).toEqual({ carrying: 1, holding: 1 });
    expect(eased).toEqual({ state: 'eased', openedMs: 0, sinceMs: day });
    // Not below the lower share of the second county, which holds it while it stood open and does not open it again.
    const holding = facts({ 532327: [5_000, 20_000], 532328: [200, 15_000] });
    expect(judge(CHUXIONG, holding, open, undefined, day).standing?.state).toBe('open');
    expect(judge(CHUXIONG, holding, eased, undefined, 2 * day).standing?.state).toBe('eased');
    expect(judge(CHUXIONG, left, eased, undefined, 31 * day).standing?.state).toBe('ended');
  });

  it('takes counties directly under a province, and districts of a municipality, for parts of their own', () => {
    expect(partsOf(area('42'), facts({ 420102: [1, 10], 420103: [2, 10], 429004: [3, 10], 429005: [4, 0] }))).toEqual([
      { area: area('4201'), households: 3, of: 20, counties: [countyOf(420102), countyOf(420103)] },
      { area: area('429004'), households: 3, of: 10, counties: [countyOf(429004)] },
    ]);
    expect(areaAbove(area('500101'))).toEqual(area('50'));
    expect(areaAbove(area('532327'))).toEqual(CHUXIONG);
    expect(areaAbove(CHUXIONG)).toEqual(YUNNAN);
    expect(areaAbove(YUNNAN)).toBeUndefined();
    expect(isNamed(area('4290'))).toBe(false);
    // A prefecture without counties has a county-level code of its own.
    expect(findArea('441900')?.level).toBe('county');
    expect([findArea('00'), findArea('00.'), findArea('5323x7'), findArea('53232')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is left to the cell that holds the whole of it', () => {
    const [prefecture, country] = [parseRegionCode('5323'), parseRegionCode('00')];
    expect([area('532327'), CHUXIONG, YUNNAN, area('5329')].map((one) => isJudgedIn(prefecture, one))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(isJudgedIn(country, YUNNAN)).toBe(true);
  });

  const household = fc.record({
    county: fc.constantFrom(532301, 532322, 532327, 532901, 532925, 533102, 539001),
    atRisk: fc.boolean(),
  });
  it('counts each household once at every level, in one part of it', () => {
    fc.assert(
      fc.property(fc.array(household, { maxLength: 300 }), (households) => {
        const count = (inside: (county: number) => boolean, only = false): number =>
          households.filter((one) => inside(countyOf(one.county)) && (!only || one.atRisk)).length;
        for (const where of [CHUXIONG, area('5329'), YUNNAN]) {
          const within = (county: number): boolean => areaOf(where.level, county).dutyCode === where.dutyCode;
          const rows = Object.fromEntries(
            [...new Set(households.map(({ county }) => county))]
              .filter((code) => within(countyOf(code)))
              .map((code) => [
                code,
                [count((c) => c === countyOf(code), true), count((c) => c === countyOf(code))] as const,
              ]),
          );
          const given = facts(rows);
          const { figures } = judge(where, given);
          expect([figures.households, figures.of]).toEqual([count(within, true), count(within)]);
          const parts = partsOf(where, given);
          expect(parts.reduce((sum, part) => sum + part.households, 0)).toBe(figures.households);
          expect(new Set(parts.flatMap((part) => part.counties)).size).toBe(Object.keys(rows).length);
          for (const part of parts)
            expect(part.households).toBe(
              count((c) => within(c) && partOf(where, c).dutyCode === part.area.dutyCode, true),
            );
        }
      }),
    );
  });

  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const threshold = fc
    .record({ fromHouseholds: fc.integer({ min: 3, max: 60 }), a: share, b: share })
    .map(({ fromHouseholds, a, b }) => ({ fromHouseholds, fromShare: Math.max(a, b), easeBelowShare: Math.min(a, b) }));
  const rules: fc.Arbitrary<AreaRule> = fc
    .record({
      households: threshold,
      carried: threshold,
      atLeastParts: fc.integer({ min: 2, max: 4 }),
      parts: threshold,
    })
    .map(({ households, carried, atLeastParts, parts }) => ({
      households,
      carriedBy: { ...carried, atLeastParts },
      parts: { fromParts: 3, fromShare: parts.fromShare, easeBelowShare: parts.easeBelowShare },
      endAfterDays: 1,
    }));
  const base = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 60, max: 100 })), { minLength: 5, maxLength: 5 });
  const wobble = fc.record({
    atRiskIn: fc.option(fc.nat(4), { nil: undefined }),
    livesIn: fc.option(fc.nat(4), { nil: undefined }),
    struck: fc.option(fc.nat(4), { nil: undefined }),
  });

  it('turns at most once when households come and go by one, in whichever county', () => {
    fc.assert(
      fc.property(
        rules,
        base,
        fc.subarray([0, 1, 2, 3, 4]),
        fc.array(wobble, { minLength: 2, maxLength: 20 }),
        fc.boolean(),
        (rule, counties, struck, steps, wasOpen) => {
          let standing: Standing | undefined = wasOpen ? { state: 'open', openedMs: -1, sinceMs: -1 } : undefined;
          const turns = steps.filter(({ atRiskIn, livesIn, struck: also }, at) => {
            const rows = counties.map(
              ([n, of], i) => [532301 + i, [n + (i === atRiskIn ? 1 : 0), of + (i === livesIn ? 1 : 0)]] as const,
            );
            const open = [...struck, ...(also === undefined ? [] : [also])].map((i) => String(532301 + i));
            const { standing: next } = judge(CHUXIONG, facts(Object.fromEntries(rows), open), standing, rule, at);
            const turned = next?.state !== standing?.state;
            standing = next;
            return turned;
          });
          expect(turns.length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('never opens on one county alone, nor stays open on it', () => {
    fc.assert(
      fc.property(
        rules,
        fc.nat(10_000),
        fc.nat(4),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 5, maxLength: 5 }),
        (...given) => {
          const [rule, most, which, lived] = given;
          const rows = lived.map(
            (of, i) => [532301 + i, [i === which ? most : 0, i === which ? most + of : of]] as const,
          );
          expect(
            judge(CHUXIONG, facts(Object.fromEntries(rows), [String(532301 + which)]), undefined, rule).standing,
          ).toBeUndefined();
          const open: Standing = { state: 'open', openedMs: -1, sinceMs: -1 };
          expect(
            judge(CHUXIONG, facts(Object.fromEntries(rows), [String(532301 + which)]), open, rule).standing?.state,
          ).toBe('eased');
        },
      ),
    );
  });
});
