import { describe, expect, it } from '@jest/globals';
import { loadPolicy, type RegionalWarning } from '@fangpin/policy';
import { parseRegionCode } from '@fangpin/domain-kit';
import fc from 'fast-check';
import {
  householdLimits,
  judgeArea,
  standingAfter,
  type AreaRule,
  type Observation,
  type Standing,
} from './area-warning.rule.js';
import { areaOf } from './areas.js';
import { areaRule, judgeCounty } from './judge-county.rule.js';

const DAY_MS = 86_400_000;
const policy: RegionalWarning = loadPolicy().get(
  'regional-warning',
  parseRegionCode('53'),
  '2026-07-18',
  'share',
).value;
const village = areaRule(policy, 'village');
const seen = (day: number, households: number, of = 200, struckParts = 0, parts = 0): Observation => ({
  atMs: day * DAY_MS,
  households,
  of,
  struckParts,
  parts,
});
const states = (rule: AreaRule, observations: readonly Observation[]): (string | undefined)[] => {
  let standing: Standing | undefined;
  return observations.map((one) => (standing = judgeArea(standing, one, rule))?.state);
};

const shares = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
const rules: fc.Arbitrary<AreaRule> = fc
  .record({ fromHouseholds: fc.integer({ min: 3, max: 60 }), shares, parts: shares, endAfterDays: fc.nat(60) })
  .map(({ fromHouseholds, shares: [a, b], parts: [c, d], endAfterDays }) => ({
    households: { fromHouseholds, fromShare: Math.max(a, b), easeBelowShare: Math.min(a, b) },
    parts: { fromParts: 3, fromShare: Math.max(c, d), easeBelowShare: Math.min(c, d) },
    endAfterDays,
  }));
const observations = fc
  .uniqueArray(
    fc.record({
      day: fc.nat(400),
      households: fc.nat(200),
      of: fc.integer({ min: 150, max: 200 }),
      struck: fc.nat(12),
    }),
    { maxLength: 30, selector: ({ day }) => day },
  )
  .map((rows) => rows.map(({ day, households, of, struck }) => seen(day, Math.min(households, of), of, struck, 12)));

describe('the warning of an area', () => {
  it('opens at a tenth of the village, eases under six hundredths, and ends a month after that', () => {
    expect(householdLimits(200, policy.village)).toEqual({ open: 20, ease: 12 });
    const days = [seen(0, 19), seen(1, 20), seen(2, 12), seen(3, 11), seen(20, 15), seen(32, 11), seen(33, 11)];
    expect(states(village, days)).toEqual([undefined, 'open', 'open', 'eased', 'eased', 'eased', 'ended']);
  });

  it('opens again while it eases, and anew when it had ended', () => {
    const days = [seen(0, 20), seen(1, 5), seen(5, 30), seen(6, 0), seen(40, 0), seen(50, 20)];
    expect(states(village, days)).toEqual(['open', 'eased', 'open', 'eased', 'ended', 'open']);
    expect(standingAfter(days.slice(0, 3), village)).toMatchObject({ openedMs: 0, sinceMs: 5 * DAY_MS });
    expect(standingAfter(days, village)).toMatchObject({ openedMs: 50 * DAY_MS });
  });

  it('needs both the number and the share: three of five households are no mass return', () => {
    expect(judgeArea(undefined, seen(0, 3, 5), village)).toBeUndefined();
    expect(judgeArea(undefined, seen(0, 19, 10_000), village)).toBeUndefined();
  });

  it('eases in a small village in the same proportion as in a large one, and not with the last household alone', () => {
    const cluster = loadPolicy().get('regional-warning', parseRegionCode('53'), '2026-07-18', 'cluster').value;
    expect(householdLimits(74, cluster.village)).toEqual({ open: 5, ease: 3 });
    expect(householdLimits(1_000, cluster.village)).toEqual({ open: 20, ease: 10 });
    const one = areaRule(cluster, 'village');
    expect(states(one, [seen(0, 7, 74), seen(1, 3, 74), seen(2, 1, 74)])).toEqual(['open', 'open', 'eased']);
    expect(householdLimits(40, policy.village)).toEqual({ open: 10, ease: 6 });
    // Where no share opens, none says what part of the number eases.
    expect(householdLimits(5_000, { fromHouseholds: 10, fromShare: 0, easeBelowShare: 0.001 }).ease).toBe(5);
  });

  it('ends at once where all that opened it was taken back, and eases where checks have answered it', () => {
    const open = judgeArea(undefined, seen(0, 62), village);
    const later = (households: number, stood: number) =>
      judgeArea(open, { ...seen(1, households), stood: { households: stood, struckParts: 0 } }, village);
    expect(later(0, 0)).toEqual({ state: 'ended', openedMs: 0, sinceMs: DAY_MS, recalled: true });
    // Between the limits as well: it would never have opened by these.
    expect(later(15, 19)).toMatchObject({ state: 'ended', recalled: true });
    expect([later(15, 20), later(0, 40), later(20, 20)].map((one) => one?.state)).toEqual(['open', 'eased', 'open']);
    const eased = later(0, 40);
    expect(judgeArea(eased, { ...seen(2, 0), stood: { households: 3, struckParts: 0 } }, village)?.state).toBe('ended');
    expect(judgeArea(later(0, 0), seen(3, 30), village)).toEqual({
      state: 'open',
      openedMs: 3 * DAY_MS,
      sinceMs: 3 * DAY_MS,
    });
  });

  it('of a township is not taken back while enough of its villages were warned of in truth', () => {
    const township = areaRule(policy, 'township');
    const open: Standing = { state: 'open', openedMs: 0, sinceMs: 0 };
    const later = (stoodParts: number) =>
      judgeArea(open, { ...seen(1, 0, 5_000, 0, 8), stood: { households: 0, struckParts: stoodParts } }, township);
    expect([later(2), later(3)].map((one) => one?.state)).toEqual(['ended', 'eased']);
  });

  it('of a township opens by its villages too, though its own share is small', () => {
    const township = areaRule(policy, 'township');
    expect(judgeArea(undefined, seen(0, 60, 5_000, 2, 8), township)).toBeUndefined();
    expect(judgeArea(undefined, seen(0, 60, 5_000, 3, 8), township)?.state).toBe('open');
  });

  it('always eases below where it opens, by two at least', () => {
    fc.assert(
      fc.property(rules, fc.nat(100_000), (rule, of) => {
        const { open, ease } = householdLimits(of, rule.households);
        expect(open - ease).toBeGreaterThanOrEqual(2);
        expect(ease).toBeGreaterThan(0);
      }),
    );
  });

  it('turns at most once when households come and go by one, and then stays as it is', () => {
    const by = fc.integer({ min: 0, max: 1 });
    const wobbles = fc.array(fc.tuple(by, by, by), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(
        rules,
        fc.nat(120),
        fc.integer({ min: 1, max: 400 }),
        fc.nat(11),
        wobbles,
        fc.boolean(),
        (...given) => {
          const [rule, households, of, struck, steps, wasOpen] = given;
          // Within one day, so that time alone ends nothing.
          const days = steps.map(([h, o, p], i) => ({ ...seen(0, households + h, of + o, struck + p, 12), atMs: i }));
          let standing: Standing | undefined = wasOpen ? { state: 'open', openedMs: -1, sinceMs: -1 } : undefined;
          const turns = days.filter((day) => {
            const next = judgeArea(standing, day, { ...rule, endAfterDays: 1 });
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

  it('comes out the same in whatever order its facts arrive', () => {
    const shuffled = observations.chain((days) =>
      fc.tuple(fc.constant(days), fc.shuffledSubarray(days, { minLength: days.length })),
    );
    fc.assert(
      fc.property(rules, shuffled, (rule, [days, again]) => {
        expect(standingAfter(again, rule)).toEqual(standingAfter(days, rule));
      }),
    );
  });

  it('never eases on more households, nor opens on fewer', () => {
    fc.assert(
      fc.property(rules, observations, fc.nat(50), (rule, days, more) => {
        const last = days.at(-1);
        if (last === undefined) return;
        const before = standingAfter(days.slice(0, -1), rule);
        const rank = (standing: Standing | undefined) => (standing?.state === 'open' ? 1 : 0);
        const worse = judgeArea(before, { ...last, households: last.households + more }, rule);
        expect(rank(worse)).toBeGreaterThanOrEqual(rank(judgeArea(before, last, rule)));
      }),
    );
  });
});

describe('a county judged area by area', () => {
  const households = fc.array(
    fc.record({
      village: fc.integer({ min: 201, max: 206 }),
      township: fc.integer({ min: 101, max: 104 }),
      atRisk: fc.boolean(),
    }),
    { maxLength: 300 },
  );
  const dutyOf = ({ township, village: v }: { township: number; village: number }): number =>
    (532327 * 1e6 + township * 1e3 + v) * 1e3;
  const factsOf = (rows: readonly { township: number; village: number; atRisk: boolean }[]) => {
    const active = new Map<number, number>();
    const atRisk = new Map<number, number>();
    for (const row of rows) {
      active.set(dutyOf(row), (active.get(dutyOf(row)) ?? 0) + 1);
      if (row.atRisk) atRisk.set(dutyOf(row), (atRisk.get(dutyOf(row)) ?? 0) + 1);
    }
    return { active, atRisk, warned: [] };
  };
  const eager: RegionalWarning = {
    ...policy,
    village: { fromHouseholds: 3, fromShare: 0, easeBelowShare: 0 },
    township: { fromHouseholds: 3, fromShare: 0, easeBelowShare: 0 },
    county: { fromHouseholds: 3, fromShare: 0, easeBelowShare: 0 },
  };

  it('counts each household once at every level, whatever the order of the facts', () => {
    fc.assert(
      fc.property(households, (rows) => {
        const judge = (given: typeof rows) =>
          judgeCounty(
            factsOf(given),
            () => undefined,
            () => eager,
            0,
          );
        const judged = judge(rows);
        for (const { area, figures } of judged) {
          const inside = rows.filter((row) => areaOf(area.level, dutyOf(row)).dutyCode === area.dutyCode);
          expect(figures.of).toBe(inside.length);
          expect(figures.households).toBe(inside.filter(({ atRisk }) => atRisk).length);
        }
        const byArea = (list: typeof judged) => list.map((one) => JSON.stringify(one)).sort();
        expect(byArea(judge(rows.toReversed()))).toEqual(byArea(judged));
      }),
    );
  });

  it('goes up the levels when enough parts are struck', () => {
    const rows = [101, 102, 103].flatMap((township) =>
      [201, 202, 203, 204].flatMap((v) =>
        Array.from({ length: 100 }, (_, i) => ({ township, village: v, atRisk: v < 204 && i < 10 })),
      ),
    );
    const quiet = { fromHouseholds: 100_000, fromShare: 1, easeBelowShare: 0 };
    const judged = judgeCounty(
      factsOf(rows),
      () => undefined,
      () => ({ ...policy, township: quiet, county: quiet }),
      0,
    );
    expect(judged.filter(({ area }) => area.level === 'village')).toHaveLength(9);
    expect(judged.filter(({ area }) => area.level === 'township')).toHaveLength(3);
    expect(judged.find(({ area }) => area.level === 'county')?.figures).toEqual({
      households: 90,
      of: 1_200,
      struckParts: 3,
      parts: 3,
    });
  });

  it('eases and ends where nobody lives any more, and makes no part of the township', () => {
    const gone = areaOf('village', dutyOf({ township: 1, village: 9 }));
    const here = factsOf([{ township: 1, village: 1, atRisk: false }]);
    const look = (standing: Standing, atMs: number) =>
      judgeCounty(
        { ...here, warned: [gone] },
        (area) => (area.dutyCode === gone.dutyCode && area.level === 'village' ? standing : undefined),
        () => policy,
        atMs,
      );
    const [eased, ...others] = look({ state: 'open', openedMs: 0, sinceMs: 0 }, DAY_MS);
    expect(others).toEqual([]);
    expect(eased).toMatchObject({ area: gone, figures: { households: 0, of: 0 }, standing: { state: 'eased' } });
    const [ended] = look(eased?.standing as Standing, (policy.endAfterDays + 2) * DAY_MS);
    expect(ended?.standing.state).toBe('ended');
    const struck = { ...here, atRisk: here.active, warned: [gone] };
    const all = judgeCounty(
      struck,
      () => undefined,
      () => ({
        ...eager,
        village: { fromHouseholds: 1, fromShare: 0, easeBelowShare: 0 },
        township: { fromHouseholds: 1, fromShare: 0, easeBelowShare: 0 },
      }),
      0,
    );
    expect(all.find(({ area }) => area.level === 'township')?.figures).toMatchObject({ parts: 1, struckParts: 1 });
  });
});
