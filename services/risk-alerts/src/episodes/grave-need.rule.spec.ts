import { alertReasons } from '@fangpin/contracts';
import { parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy, PolicySet } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jointVerdict } from '../joint/joint-verdict.rule.js';
import { judge, type Need } from '../loss/severity.rule.js';
import { severityPolicyOf } from '../loss/severity-policy.js';
import { graveNeedOf } from './grave-need.rule.js';
import { jointRisk, type StandingAlert } from './joint-risk.rule.js';

const loaded = loadPolicy();
const on = (set: PolicySet) => severityPolicyOf({ judgedOn: '2026-07-18' }, set, parseRegionCode('532327101'));
/** Its line is 8,700 yuan. */
const policy = on(loaded);
const before = on(
  new PolicySet(
    'before',
    loaded.records.filter(({ key }) => key !== 'impact-ceiling'),
  ),
);
const PLACE = 532_327_101_201_000;
const PERSONS = 4;

interface Told {
  /** Yuan a head. */
  readonly perHead: number;
  readonly income?: number;
  readonly level?: number;
  readonly facts?: number;
  readonly found?: Partial<NonNullable<StandingAlert['found']>>;
  readonly by?: typeof policy;
}

/** What the rule of single alerts makes of a bill for the house, with a need of a level beside it … */
function house(
  origin: number,
  { perHead, income = 8_800, level = 0, facts = 0, found, by = policy }: Told,
): StandingAlert {
  const need: Need | undefined = level === 0 ? undefined : { reason: 'dwellingDamaged', level };
  const of = { persons: PERSONS, perCapitaFen: income * 100, facts, livelihoods: [] };
  const loss = range(perHead);
  const { severity, projectedFen, reasons } = judge(of, loss, by, 'spending', need);
  const known = { persons: PERSONS, perCapitaFen: of.perCapitaFen, projectedFen, reasons, inputs: [412, 100, PLACE] };
  const day = { since: '2026-07-18', until: '2026-07-18', cumulative: false };
  const said = { ...day, kind: 'unsafe-house', person: 0, paidFen: 0, ofIncome: false, ...found };
  const parts = { ...known, origin, cause: 'dwelling', severity, loss, sliceNo: origin } as const;
  return found === undefined ? parts : { ...parts, inputs: [], found: said };
}

/** … and of a field. */
function field(origin: number, perHead: number, income = 8_800, facts = 0, by = policy): StandingAlert {
  const of = { persons: PERSONS, perCapitaFen: income * 100, facts, livelihoods: [] };
  const loss = range(perHead);
  const { severity, projectedFen, reasons } = judge(of, loss, by);
  const known = { persons: PERSONS, perCapitaFen: of.perCapitaFen, projectedFen, reasons, inputs: [2, 100, PLACE] };
  return { ...known, origin, cause: 'crop-disaster', severity, loss, sliceNo: origin };
}

const range = (perHead: number) => {
  const fen = perHead * 100 * PERSONS;
  return { low: fen, middle: fen, high: fen };
};

describe('a grave need among several troubles', () => {
  it('makes a household red that the other one brings under the line, as it would be if both were of one shock', () => {
    const [unsafe, hail] = [house(1, { perHead: 300, level: 3 }), field(2, 200)];
    expect([unsafe.severity, hail.severity]).toEqual([3, 2]);
    const judged = jointVerdict([unsafe, hail], policy);
    expect(judged?.verdict.severity).toBe(4);
    expect(judged?.risk).toMatchObject({ adding: [1, 2], grave: [1] });
    expect(judged?.verdict.reasons).toBe(alertReasons.incomeBelowLine.bit | alertReasons.dwellingDamaged.bit);
  });

  it('counts as one of them though no sum was told of it, and once, whoever tells of the house', () => {
    const unsafe = house(1, { perHead: 0, level: 3, found: {} });
    const judged = jointVerdict([unsafe, field(2, 200)], policy);
    expect(judged?.risk).toMatchObject({ worstSeverity: 3, adding: [2], grave: [1], notAdded: [] });
    expect(judged?.verdict.severity).toBe(4);
    const quake = house(3, { perHead: 300, level: 3 });
    expect(jointRisk([unsafe, quake], policy)).toMatchObject({ grave: [3], notAdded: [1] });
    expect(jointVerdict([unsafe, quake], policy)).toBeUndefined();
  });

  it('that is mild changes nothing, also where money or a weakness has made its alert orange', () => {
    const hail = field(2, 200);
    const mild = house(1, { perHead: 300, level: 2 });
    expect(jointVerdict([mild, hail], policy)).toBeUndefined();
    const weak = house(1, { perHead: 300, level: 2, facts: alertReasons.noLabour.bit });
    expect(weak.severity).toBe(3);
    expect(graveNeedOf(weak, 'spending', policy)).toBeUndefined();
    expect(jointVerdict([weak, hail], policy)).toBeUndefined();
    // Under the line: a grave need beside would have made it red.
    const dear = house(1, { perHead: 900, income: 8_600, level: 2 });
    expect(dear.severity).toBeLessThan(4);
    expect(graveNeedOf(dear, 'spending', policy)).toBeUndefined();
  });

  it('makes them together what they would be if one shock had brought all of it', () => {
    // Around the line, where what a need frees makes the difference.
    const income = fc.integer({ min: 7_500, max: 11_000 });
    const [bill, lost] = [fc.integer({ min: 0, max: 800 }), fc.integer({ min: 1, max: 800 })];
    fc.assert(
      fc.property(income, bill, lost, fc.constantFrom(0, 8), (earned, billed, less, facts) => {
        const of = { persons: PERSONS, perCapitaFen: earned * 100, facts, livelihoods: [] };
        const need: Need = { reason: 'dwellingDamaged', level: 3 };
        const asOne = judge(of, range(less), policy, 'income', need, range(billed).middle);
        const parts = [house(1, { perHead: billed, income: earned, level: 3, facts }), field(2, less, earned, facts)];
        expect(jointRisk(parts, policy)?.jointSeverity).toBe(asOne.severity);
      }),
    );
  });

  it('is known by what is stored of its alert, whatever the household', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30_000 }),
        fc.integer({ min: 0, max: 5_000 }),
        fc.constantFrom(3, 4),
        fc.constantFrom(0, 8, 16, 40),
        (income, perHead, level, facts) => {
          const need = graveNeedOf(house(1, { perHead, income, level, facts }), 'spending', policy);
          expect(need?.level).toBeGreaterThanOrEqual(3);
        },
      ),
    );
  });

  it('is asked for under no policy version from before the ceiling, where all counts in full', () => {
    const unsafe = house(1, { perHead: 300, level: 3, by: before });
    expect(graveNeedOf(unsafe, 'spending', before)).toBeUndefined();
    expect(jointVerdict([unsafe, field(2, 200, 8_800, 0, before)], before)).toBeUndefined();
  });
});
