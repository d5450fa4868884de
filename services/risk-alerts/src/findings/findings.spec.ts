import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { alertReasons, findingKinds, FindingKind, FindingSchema, FindingState } from '@fangpin/contracts';
import { perHead, type RegionCode } from '@fangpin/domain-kit';
import { loadPolicy, PolicySet } from '@fangpin/policy';
import { found, foundHousehold as household } from '../../test/support/findings.js';
import { leftText } from '../alerts/chinese-words.js';
import { paidFen, type FindingFacts } from './finding-facts.js';
import {
  isOfIncome,
  judgeFinding,
  spendingBeside,
  type AlertedBefore,
  type FindingOutcome,
  type FoundHousehold,
} from './finding-loss.rule.js';
import { findingText } from './finding-text.js';

const policy = loadPolicy();
const YONGDING = '532327101' as RegionCode;
const XIAN = '610102001' as RegionCode;
const YUAN = 100n;

const medical = (paidYuan: bigint, refundedYuan = 0n): FindingFacts =>
  found({
    kind: FindingKind.MEDICAL_SPENDING,
    spentFen: (paidYuan + refundedYuan) * YUAN,
    refundedFen: refundedYuan * YUAN,
    spentSince: '2025-01-01',
  });
const judged = (finding: FindingFacts, who = household(), before?: AlertedBefore): FindingOutcome =>
  judgeFinding(finding, who, policy, YONGDING, before);
/** What is told of a finding, as an explanation has it. */
const tellingOf = (finding: FindingFacts, who: FoundHousehold): string => {
  const outcome = judged(finding, who);
  const lifted = severityOf(outcome) - severityOf(judged(finding, { ...who, facts: 0 }));
  if (!('verdict' in outcome)) return '';
  return findingText(finding, who, outcome.verdict, policy.line(YONGDING, '2025-07-31'), lifted);
};
const severityOf = (outcome: FindingOutcome): number => ('verdict' in outcome ? outcome.verdict.severity : 0);
const reasonsOf = (outcome: FindingOutcome): number => ('verdict' in outcome ? outcome.verdict.reasons : 0);

describe('a finding of medical cost', () => {
  it('counts from the threshold of the place and the group on, after refunds', () => {
    expect(judged(medical(19_999n))).toEqual({ outcome: 'below-threshold', thresholdFen: 2_000_000 });
    expect(judged(medical(20_000n)).outcome).toBe('judged');
    expect(judged(medical(5_000n), household({ watched: true })).outcome).toBe('judged');
    expect(judged(medical(5_000n, 300_000n)).outcome).toBe('below-threshold');
    expect(judgeFinding(medical(26_000n), household(), policy, XIAN)).toMatchObject({ thresholdFen: 2_600_001 });
  });

  it('is set beside income and never taken off it: the line may stay far below', () => {
    const outcome = judged(medical(40_000n));
    expect(outcome).toMatchObject({ verdict: { projectedFen: 1_200_000, loss: { low: 4_000_000, high: 4_000_000 } } });
    expect(reasonsOf(outcome) & alertReasons.hardSpending.bit).not.toBe(0);
    expect(severityOf(outcome)).toBeGreaterThan(
      severityOf(judged(medical(40_000n), household({ perCapitaFen: 5_000_000 }))),
    );
  });

  it('comes back every month and is told again only when it has grown, the year has turned or it stands a level worse', () => {
    const before = { facts: medical(20_000n), severity: 4, saidFen: [] };
    const later = { ...medical(21_000n), occurredOn: '2025-08-31' };
    expect(judged(medical(20_000n), household(), before).outcome).toBe('no-worse');
    expect(judged(later, household(), before).outcome).toBe('no-worse');
    expect(judged(medical(21_000n, 3_000n), household(), before).outcome).toBe('no-worse');
    expect(judged(medical(30_000n), household(), before).outcome).toBe('judged');
    const lastYear = { ...before, facts: { ...before.facts, spentSince: '2024-01-01' } };
    expect(judged(medical(21_000n), household(), lastYear).outcome).toBe('judged');
    expect(judged(medical(21_000n), household(), { ...before, severity: 1 }).outcome).toBe('judged');
  });

  it('is told again when the department takes something of it back, or names another person', () => {
    const before = { facts: medical(600_000n), severity: 4, saidFen: [] };
    expect(judged(medical(60_000n), household(), before).outcome).toBe('judged');
    expect(judged(medical(599_999n, 1n), household(), before).outcome).toBe('judged');
    expect(judged({ ...medical(600_000n), person: 8 }, household(), before).outcome).toBe('judged');
  });

  it('is told again once it has grown by that from any sum that was told of it: whoever visited may have seen that one', () => {
    // Visited at 60,000, corrected to 50,000, grown to 75,000: who visited asks again from 90,000, which the last sum alone would pass over.
    const before = {
      facts: medical(75_000n),
      severity: 4,
      saidFen: [60_000, 50_000, 75_000].map((yuan) => yuan * 100),
    };
    expect(judged(medical(89_999n), household(), before).outcome).toBe('no-worse');
    expect(judged(medical(90_000n), household(), before).outcome).toBe('judged');
    const since = { ...before, facts: medical(90_000n), saidFen: [...before.saidFen, 9_000_000] };
    expect(judged(medical(95_000n), household(), since).outcome).toBe('no-worse');
  });
});

describe('a finding that has grown by exactly the share of policy', () => {
  it('is told again, whatever the share', () => {
    for (const share of [0.1, 0.3, 0.5, 0.7, 1.1]) {
      const records = policy.records.map((record) =>
        record.key === 'finding-spending'
          ? { ...record, value: { ...(record.value as object), againAfterGrowthShare: share } }
          : record,
      );
      const set = new PolicySet('growing', records);
      for (const paidYuan of [20_000, 30_000, 50_000]) {
        const before = { facts: medical(BigInt(paidYuan)), severity: 4, saidFen: [] };
        const now = BigInt(Math.round(paidYuan * (1 + share)));
        expect(judgeFinding(medical(now), household(), set, YONGDING, before).outcome).toBe('judged');
        expect(judgeFinding(medical(now - 1n), household(), set, YONGDING, before).outcome).toBe('no-worse');
      }
    }
  });
});

describe('what departments find beside spending', () => {
  it('of an earner hurt in an accident counts the wages and, beside them, what it cost', () => {
    const hurt = (spentYuan: bigint): FindingOutcome =>
      judged(
        found({ kind: FindingKind.ACCIDENT, ofEarner: true, spentFen: spentYuan * YUAN }),
        household({ perCapitaFen: 3_000_000 }),
      );
    expect(reasonsOf(hurt(0n)) & alertReasons.hardSpending.bit).toBe(0);
    expect(reasonsOf(hurt(100_000n)) & alertReasons.hardSpending.bit).not.toBe(0);
    expect(severityOf(hurt(100_000n))).toBeGreaterThan(severityOf(hurt(0n)));
    expect(hurt(100_000n)).toMatchObject({ verdict: { projectedFen: 2_812_500, loss: { middle: 750_000 } } });
  });

  it('of an earner who died or is disabled needs no income', () => {
    for (const kind of [FindingKind.DEATH_OF_EARNER, FindingKind.DISABILITY]) {
      const outcome = judged(found({ kind, ofEarner: true }), household({ perCapitaFen: 9_000_000 }));
      expect(severityOf(outcome)).toBe(4);
      expect(reasonsOf(outcome) & alertReasons.earnerLost.bit).not.toBe(0);
    }
  });

  it('of somebody hurt, disabled or wronged who earns nothing is a reason to look, sum or no sum', () => {
    const rich = household({ perCapitaFen: 9_000_000 });
    for (const kind of [FindingKind.ACCIDENT, FindingKind.DISABILITY, FindingKind.CRIME])
      for (const spentFen of [0n, 1_000n]) {
        const outcome = judged(found({ kind, spentFen }), rich);
        expect(severityOf(outcome)).toBe(1);
        expect(outcome).not.toHaveProperty('verdict.withheld');
        expect(reasonsOf(outcome) & alertReasons.personHurt.bit).not.toBe(0);
      }
    const before = new PolicySet(
      'before',
      policy.records.filter(({ key }) => key !== 'finding-need'),
    );
    const hurt = found({ kind: FindingKind.ACCIDENT });
    expect(judgeFinding(hurt, rich, before, YONGDING)).toEqual({ outcome: 'below-threshold', thresholdFen: null });
  });

  it('of an earner with a wage of next to nothing counts the bill all the same', () => {
    const who = household({ persons: 5, perCapitaFen: 870_000, wageFenPerWorker: 500_000 });
    const robbed = found({ kind: FindingKind.CRIME, ofEarner: true, spentFen: 10_000_000n });
    const bare = new PolicySet(
      'without needs',
      policy.records.filter(({ key }) => key !== 'finding-need'),
    );
    expect(judgeFinding(robbed, who, bare, YONGDING)).toMatchObject({ verdict: { severity: 4 } });
    expect(judgeFinding({ ...robbed, spentFen: 0 }, who, bare, YONGDING)).toMatchObject({
      verdict: { withheld: 'immaterial' },
    });
  });

  it('takes the wages that the household is known to have, else those of policy', () => {
    const death = found({ kind: FindingKind.DEATH_OF_EARNER });
    expect(judged(death, household({ wageFenPerWorker: 4_000_000 }))).toMatchObject({
      verdict: { loss: { low: 4_000_000, middle: 4_000_000, high: 4_000_000 }, projectedFen: 200_000 },
    });
    expect(judged(death)).toMatchObject({ verdict: { loss: { low: 1_500_000, middle: 3_000_000, high: 4_800_000 } } });
  });

  it('of a pupil is a suspicion after a week and a drop-out after a month', () => {
    const rich = household({ perCapitaFen: 9_000_000 });
    const absent = (days: number): number => severityOf(judged(found({ kind: FindingKind.DROP_OUT, days }), rich));
    expect([7, 8, 30, 31, 0].map(absent)).toEqual([0, 2, 2, 4, 4]);
  });

  it('of a house counts for the only dwelling alone', () => {
    const rich = household({ perCapitaFen: 9_000_000 });
    const house = (houseGrade: number, who = rich): number =>
      severityOf(judged(found({ kind: FindingKind.UNSAFE_HOUSE, houseGrade }), who));
    expect([2, 3, 4].map((grade) => house(grade))).toEqual([0, 3, 4]);
    expect(house(4, household({ perCapitaFen: 9_000_000, onlyDwelling: false }))).toBe(0);
  });

  it('of water is worse with the days', () => {
    const dry = (days: number): number =>
      severityOf(judged(found({ kind: FindingKind.WATER, days }), household({ perCapitaFen: 9_000_000 })));
    expect([1, 7, 31].map(dry)).toEqual([0, 2, 4]);
  });

  it('is taken back with its batch, whatever it was', () => {
    for (const { code } of findingKinds)
      expect(judged(found({ kind: code, state: FindingState.WITHDRAWN }))).toEqual({ outcome: 'withdrawn' });
  });
});

describe('what an old farmer reads of a finding', () => {
  const told = (finding: FindingFacts, who = household()): string => tellingOf(finding, who);

  it('says what was paid, what is left against the line, and why that is a risk', () => {
    expect(told(medical(40_000n, 20_000n))).toBe(
      '从2025年1月1日起到2025年7月31日，这户人家看病一共花了60,000元，报销和补助20,000元，自己出了40,000元。家里4口人，近十二个月人均纯收入' +
        '12,000元，平均每人花掉10,000元，花完人均还剩2,000元，比监测线每人每年8,700元低6,700元。因此提示为红色风险（预计收入离监测线不远、' +
        '必须花的钱太多），请村里上门核实；这只是线索，不是认定结果。',
    );
    expect(told(medical(40_000n))).toContain('看病一共花了40,000元，都是自己出的。');
  });

  it('says what is left at worst where that falls under the line, and close above it only where it is', () => {
    const hurt = found({ kind: FindingKind.ACCIDENT, ofEarner: true, days: 365 });
    const worst = told(hurt, household({ perCapitaFen: 2_000_000 }));
    expect(worst).toMatch(/因此提示为.+风险（要是碰上最坏的情况，人均还剩[\d,]+元，就低于监测线了/);
    expect(worst).not.toContain('离监测线不远');
    const withBill = { ...hurt, spentFen: 6_000_000 };
    expect(told(withBill, household({ perCapitaFen: 2_000_000 }))).toMatch(
      /要是碰上最坏的情况，不算花掉的钱，人均还剩/,
    );
  });

  it('counts what is on record besides, and names what lifted it', () => {
    const ill = household({ spendingFen: 4_500_000, facts: alertReasons.noLabour.bit });
    expect(told(medical(25_000n), ill)).toBe(
      '从2025年1月1日起到2025年7月31日，这户人家看病一共花了25,000元，都是自己出的。家里4口人，近十二个月人均纯收入12,000元，近十二个月看病等别的' +
        '开支自己还出了20,000元，算在一起平均每人花掉11,250元，花完人均还剩750元，比监测线每人每年8,700元低7,950元。另外，家里没有劳动力，要格外留意。' +
        '因此提示为红色风险（预计收入离监测线不远、必须花的钱太多），请村里上门核实；这只是线索，不是认定结果。',
    );
    const absent = found({ kind: FindingKind.DROP_OUT, days: 9 });
    expect(told(absent, household({ perCapitaFen: 9_000_000, facts: alertReasons.noLabour.bit }))).toContain(
      '另外，家里没有劳动力，所以提高一级看待。因此提示为橙色风险，',
    );
  });

  it('tells wages and bill of an earner apart, and takes nothing off where nothing was spent', () => {
    const hurt = found({ kind: FindingKind.ACCIDENT, ofEarner: true, spentFen: 3_000_000n });
    expect(told(hurt)).toMatch(
      /主要劳动力出了意外事故。估计十二个月内少收入约7,500元（.+）。为此自己出了30,000元。.+预计人均还剩10,125元/,
    );
    expect(told(found({ kind: FindingKind.DROP_OUT, days: 12 }))).toMatch(
      /纯收入12,000元，比监测线每人每年8,700元高3,300元。孩子要上学/,
    );
    expect(told(found({ kind: FindingKind.DISABILITY, ofEarner: true }))).toContain('主要劳动力新评上重度残疾');
  });
});

describe('an earner of a household in which the register knows nobody who can work', () => {
  const death = found({ kind: FindingKind.DEATH_OF_EARNER });
  const doubt = '登记里这户现在没有劳动力，出事的是不是养家的人，请上门时核实';
  const nobody = household({ facts: alertReasons.noLabour.bit });

  it('is to be asked for at the door, and as grave: who has died may have left the register already', () => {
    expect(tellingOf(death, nobody)).toContain(doubt);
    expect(tellingOf(death, household())).not.toContain(doubt);
    expect(judged(death, nobody)).toMatchObject({ verdict: { severity: 4, loss: { high: 4_800_000 } } });
  });

  it('is nothing to ask for where no earner is told of', () => {
    const hurt = found({ kind: FindingKind.ACCIDENT, spentFen: 5_000n * YUAN });
    expect(tellingOf(hurt, nobody)).not.toContain(doubt);
    expect(tellingOf({ ...hurt, ofEarner: true }, nobody)).toContain(doubt);
  });
});

describe('a finding that is none', () => {
  it('is refused by its field', () => {
    const refused =
      (change: MessageInitShape<typeof FindingSchema>): (() => unknown) =>
      () =>
        found({ kind: FindingKind.WATER, ...change });
    expect(refused({ kind: 99 as FindingKind })).toThrow(/kind/);
    for (const day of ['31.7.2025', '2025-02-29', '2025-13-01'])
      expect(refused({ occurredOn: day })).toThrow(/occurredOn/);
    expect(refused({ spentSince: '2025-02-30' })).toThrow(/spentSince/);
    for (const fen of [2n ** 53n, 2n ** 63n - 1n]) {
      expect(refused({ spentFen: fen })).toThrow(/spentFen/);
      expect(refused({ refundedFen: fen })).toThrow(/refundedFen/);
    }
    expect(refused({ spentFen: -1n })).toThrow(/spentFen/);
  });
});

describe('every finding', () => {
  const anyFinding = fc
    .record({
      kind: fc.constantFrom(...findingKinds.map(({ code }) => code)),
      spentFen: fc.bigInt({ min: 0n, max: 30_000_000n }),
      refundedFen: fc.bigInt({ min: 0n, max: 30_000_000n }),
      spentSince: fc.constantFrom('', '2025-01-01'),
      ofEarner: fc.boolean(),
      days: fc.integer({ min: 0, max: 60 }),
      houseGrade: fc.integer({ min: 0, max: 4 }),
    })
    .map((change) => found(change));
  const anyone = fc.record({
    persons: fc.integer({ min: 1, max: 9 }),
    perCapitaFen: fc.option(fc.integer({ min: -500_000, max: 9_000_000 })),
    facts: fc.constantFrom(0, 8, 32),
    watched: fc.boolean(),
    onlyDwelling: fc.boolean(),
    livelihoods: fc.constant([]),
    wageFenPerWorker: fc.option(fc.integer({ min: 1, max: 8_000_000 })),
    spendingFen: fc.option(fc.integer({ min: 1, max: 8_000_000 })),
  });

  it('comes out the same when computed again from what was written down of it, and is told without holes', () => {
    fc.assert(
      fc.property(anyFinding, anyone, (finding, who) => {
        const outcome = judged(finding, who);
        const written = JSON.parse(JSON.stringify({ finding, who })) as { finding: FindingFacts; who: FoundHousehold };
        expect(judged(written.finding, written.who)).toEqual(outcome);
        if (!('verdict' in outcome)) return;
        const text = tellingOf(finding, who);
        expect(text).not.toMatch(/undefined|NaN|null|Infinity|\n/);
        expect(text).toMatch(outcome.verdict.withheld === undefined ? /只是线索，不是认定结果。$/ : /目前不提示风险/);
      }),
      { numRuns: 500 },
    );
  });

  it('is told with the remainder that was judged, wherever spending is what makes it hard', () => {
    fc.assert(
      fc.property(anyFinding, anyone, (finding, who) => {
        const outcome = judged(finding, who);
        if (!('verdict' in outcome) || (outcome.verdict.reasons & alertReasons.hardSpending.bit) === 0) return;
        const { projectedFen, loss } = outcome.verdict;
        if (projectedFen === null) return;
        const { onRecordFen, billFen } = spendingBeside(finding, who);
        const spentFen = onRecordFen + (isOfIncome(finding) ? billFen : loss.middle);
        expect(tellingOf(finding, who)).toContain(`花完${leftText(projectedFen - perHead(spentFen, who.persons))}，`);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is never milder for who is a main earner', () => {
    const bare = new PolicySet(
      'without needs',
      policy.records.filter(({ key }) => key !== 'finding-need'),
    );
    fc.assert(
      fc.property(anyFinding, anyone, fc.constantFrom(policy, bare), (finding, who, under) => {
        const [not, earner] = [false, true].map((ofEarner) =>
          judgeFinding({ ...finding, ofEarner }, who, under, YONGDING),
        ) as [FindingOutcome, FindingOutcome];
        expect(severityOf(earner)).toBeGreaterThanOrEqual(severityOf(not));
        const isHeldBack = (one: FindingOutcome): boolean => !('verdict' in one) || one.verdict.withheld !== undefined;
        if (!isHeldBack(not)) expect(isHeldBack(earner)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is never milder for who earns less or has paid more', () => {
    fc.assert(
      fc.property(anyFinding, anyone, fc.integer({ min: 1, max: 500_000 }), (finding, who, more) => {
        const severity = severityOf(judged(finding, who));
        expect(severityOf(judged({ ...finding, spentFen: finding.spentFen + more }, who))).toBeGreaterThanOrEqual(
          severity,
        );
        if (who.perCapitaFen === null) return;
        const poorer = { ...who, perCapitaFen: who.perCapitaFen - more };
        expect(severityOf(judged(finding, poorer))).toBeGreaterThanOrEqual(severity);
        expect(paidFen(finding)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
