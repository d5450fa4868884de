import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alertReasons } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { loadPolicy, PolicySet } from '@fangpin/policy';
import type { AssessedHousehold, Verdict } from './household.js';
import { judge, type LossIs, type Need } from './severity.rule.js';
import { severityPolicyOf } from './severity-policy.js';

const YONGDING = '532327101' as RegionCode;
const loaded = loadPolicy();
const on = (set: PolicySet) => severityPolicyOf({ judgedOn: '2026-07-18' }, set, YONGDING);
const policy = on(loaded);
const LINE = policy.lineFen();
const PERSONS = 4;

interface Case {
  /** Yuan a head. */
  readonly income: number | null;
  readonly perHead: number;
  readonly lossIs?: LossIs;
  readonly need?: Need;
  readonly change?: Partial<AssessedHousehold>;
}

const judged = ({ income, perHead, lossIs = 'income', need, change }: Case, by = policy): Verdict => {
  const fen = perHead * 100 * PERSONS;
  const perCapitaFen = income === null ? null : income * 100;
  const household = { persons: PERSONS, perCapitaFen, facts: 0, livelihoods: [], ...change };
  return judge(household, { low: fen, middle: fen, high: fen }, by, lossIs, need);
};
const bill = (income: number | null, perHead: number, more: Partial<Case> = {}): Verdict =>
  judged({ income, perHead, lossIs: 'spending', ...more });
const loss = (income: number | null, perHead: number, more: Partial<Case> = {}): Verdict =>
  judged({ income, perHead, ...more });

describe('a line of 8,700 yuan', () => {
  it('is that of the place and day', () => {
    expect(LINE).toBe(870_000);
  });
});

describe('a small bill', () => {
  it('makes no case and no check item of whoever was poor before', () => {
    for (const income of [3_000, 8_600, 9_000, 10_500, 12_000]) {
      expect(bill(income, 100)).toMatchObject({ severity: 0, withheld: 'below-alert-level' });
      expect(bill(income, 175)).toMatchObject({ severity: 0, withheld: 'below-alert-level' });
    }
    expect(bill(40_000, 100).withheld).toBe('income-well-above-line');
  });

  it('makes none of whoever has paid hard bills already, or has no income at all', () => {
    const ill = { change: { spendingFen: 3_000_000 } };
    expect(bill(12_000, 0).severity).toBe(0);
    expect(bill(12_000, 100, ill).severity).toBe(1);
    expect(bill(12_000, 1_000, ill).severity).toBe(4);
    expect(bill(-500, 100).severity).toBe(1);
    expect(loss(12_000, 100, ill).severity).toBe(1);
  });

  it('does not make unknown income grave', () => {
    expect(bill(null, 100)).toMatchObject({ severity: 1 });
    expect(bill(null, 1_000)).toMatchObject({ severity: 2 });
  });
});

describe('a bill of some weight', () => {
  it('of a poor household is on the check list before the spending bands speak, and a case where they do', () => {
    expect([300, 500, 800, 1_000, 2_000].map((perHead) => bill(8_600, perHead).severity)).toEqual([0, 1, 1, 3, 4]);
    expect(bill(8_600, 2_000).reasons & alertReasons.hardSpending.bit).not.toBe(0);
  });
});

describe('a loss of income', () => {
  it('counts for what it weighs, however poor the household was', () => {
    for (const income of [2_000, 5_000, 8_700])
      expect([80, 100, 200, 500, 900].map((perHead) => loss(income, perHead).severity)).toEqual([0, 1, 2, 3, 4]);
  });

  it('is red where it takes weeks of a life on the line and leaves less than the line', () => {
    const verdict = loss(9_500, 1_000);
    expect(verdict).toMatchObject({ severity: 4 });
    expect(verdict.heldDown).toBeUndefined();
    expect(verdict.reasons & alertReasons.incomeBelowLine.bit).not.toBe(0);
  });

  it('says where the level comes from what befell it and not from how it stood', () => {
    expect(loss(5_000, 100)).toMatchObject({ severity: 1, heldDown: true });
    expect(loss(9_800, 120)).toMatchObject({ severity: 1, heldDown: true });
  });

  it('still raises a weak household a level', () => {
    expect(loss(5_000, 500, { change: { facts: alertReasons.noLabour.bit } }).severity).toBe(4);
  });
});

describe('what needs no income', () => {
  it('keeps its level where the household is poor and next to nothing is lost', () => {
    for (const level of [1, 2]) {
      const need: Need = { reason: 'waterGone', level };
      expect(bill(8_000, 4.5, { need }).severity).toBe(level);
      expect(bill(null, 4.5, { need }).severity).toBe(level);
    }
  });

  it('is a case from orange on where the income is under the line: both together are a household to monitor', () => {
    const need: Need = { reason: 'dwellingDamaged', level: 3 };
    expect(bill(8_000, 0, { need }).severity).toBe(4);
    expect(bill(40_000, 0, { need }).severity).toBe(3);
  });
});

describe('under a policy version from before the ceiling', () => {
  it('all counts as it did, so that what was judged then is computed again the same', () => {
    const before = on(
      new PolicySet(
        'before',
        loaded.records.filter(({ key }) => key !== 'impact-ceiling'),
      ),
    );
    const then = (one: Case): number => judged(one, before).severity;
    expect([8_600, 9_000, 10_500, 12_000].map((income) => then({ income, perHead: 100, lossIs: 'spending' }))).toEqual([
      4, 3, 2, 1,
    ]);
    expect(then({ income: 8_000, perHead: 100 })).toBe(4);
  });
});

describe('any household', () => {
  const anyCase = fc.record({
    income: fc.option(fc.integer({ min: -2_000, max: 40_000 })),
    perHead: fc.integer({ min: 0, max: 20_000 }),
    lossIs: fc.constantFrom<LossIs>('income', 'spending'),
  });

  it('is never milder for having lost more', () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 1, max: 5_000 }), (one, more) => {
        const worse = judged({ ...one, perHead: one.perHead + more }).severity;
        expect(worse).toBeGreaterThanOrEqual(judged(one).severity);
      }),
    );
  });

  it('is red only where a tenth of the line or more is gone a head', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        if (judged(one).severity === 4) expect(one.perHead * 100).toBeGreaterThanOrEqual(LINE / 10);
      }),
    );
  });
});
