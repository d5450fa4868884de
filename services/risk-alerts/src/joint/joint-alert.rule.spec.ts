import { composeDerivedId, parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy, type EpisodeLife } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AlertEntity } from '../alerts/alert.entity.js';
import { jointRisk, type StandingAlert } from '../episodes/joint-risk.rule.js';
import { judge } from '../loss/severity.rule.js';
import { severityPolicyOf } from '../loss/severity-policy.js';
import { SPENDING } from '../loss/things.js';
import { explainJoint } from './explain-joint.js';
import { moveJoint, type JointMove, type MemberFate, type StandingJoint } from './joint-alert.rule.js';
import { jointVerdict, mayBeJoint } from './joint-verdict.rule.js';

const DAY_MS = 86_400_000;
const policies = loadPolicy();
const JUDGED_ON = '2026-07-18';
const TOWNSHIP = parseRegionCode('532327101');
const PLACE = 532_327_101_201_000;
const policy = severityPolicyOf({ judgedOn: JUDGED_ON }, policies, TOWNSHIP);
const life: EpisodeLife = policies.get('episode-life', TOWNSHIP, JUDGED_ON, 'several').value;

const standing: StandingJoint = {
  severity: 3,
  causes: ['crop-disaster', 'price-fall'],
  members: [1, 2],
  toldAdding: 2,
  lowerSinceMs: null,
};
interface Given {
  readonly before?: StandingJoint;
  readonly causes?: StandingJoint['causes'];
  readonly adding?: StandingJoint['members'];
  readonly fate?: MemberFate;
  readonly atMs?: number;
}
/** The move when the parts say a severity; `fate` of the first of them. */
function moveTo(
  severity: number,
  { before = standing, causes, adding, fate = 'stands', atMs = 0 }: Given = {},
): JointMove {
  const fateOf = (origin: number): MemberFate => (origin === 1 ? fate : 'stands');
  const now = { severity, causes: causes ?? before.causes, adding: adding ?? before.members };
  return moveJoint(before, now, fateOf, atMs, life);
}

/** Alerts of one household by the rule of single alerts. */
const home = fc
  .record({
    persons: fc.integer({ min: 1, max: 8 }),
    perCapitaFen: fc.oneof(fc.integer({ min: 0, max: 3_000_000 }), fc.constant(null)),
    facts: fc.constantFrom(0, 8, 16, 40),
    spendingFen: fc.constantFrom(0, 300_000, 2_000_000),
    losses: fc.array(
      fc.record({
        cause: fc.constantFrom('crop-disaster', 'price-fall', 'job-loss', 'dwelling', 'illness'),
        middle: fc.integer({ min: 0, max: 3_000_000 }),
        more: fc.nat({ max: 1_000_000 }),
        product: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ persons, perCapitaFen, facts, spendingFen, losses }): StandingAlert[] =>
    losses.map(({ cause, middle, more, product }, i) => {
      const loss = { low: middle, middle, high: middle + more };
      const bill = cause === 'dwelling' || cause === 'illness';
      const of = { persons, perCapitaFen, facts, livelihoods: [], spendingFen };
      const { severity, projectedFen, reasons } = judge(of, loss, policy, bill ? 'spending' : 'income');
      const inputs = [product, 100, PLACE, ...(spendingFen > 0 ? [SPENDING, spendingFen, PLACE] : [])];
      const known = { persons, perCapitaFen, projectedFen, reasons, inputs };
      return { ...known, origin: i + 1, cause: cause as StandingAlert['cause'], severity, loss, sliceNo: i + 1 };
    }),
  );

describe('what several causes are together', () => {
  it('raises an alert where two that add something are worse than each, and only then', () => {
    fc.assert(
      fc.property(home, (parts) => {
        const judged = jointVerdict(parts, policy);
        const worst = Math.max(...parts.map(({ severity }) => severity));
        if (judged === undefined) return;
        expect(judged.risk.adding.length).toBeGreaterThan(1);
        expect(judged.verdict.severity).toBeGreaterThan(worst);
        expect(judged.verdict.severity).toBeGreaterThanOrEqual(policy.triage.alertFrom);
      }),
    );
  });

  it('raises one for two patients, and none for one whose bill two offices push', () => {
    const bill = (origin: number, person: number): StandingAlert => {
      const loss = { low: 2_000_000, middle: 2_000_000, high: 2_000_000 };
      const of = { persons: 4, perCapitaFen: 1_500_000, facts: 0, livelihoods: [] };
      const { severity, projectedFen, reasons } = judge(of, loss, policy, 'spending');
      const period = { since: '2026-01-01', until: '2026-06-30', cumulative: true };
      const found = { ...period, kind: 'medical-spending', person, paidFen: 2_000_000, ofIncome: false };
      const home = { persons: 4, perCapitaFen: 1_500_000, projectedFen, reasons, inputs: [] };
      return { ...home, origin, cause: 'illness', severity, loss, sliceNo: origin, found };
    };
    const [father, mother, again] = [bill(1, 7), bill(2, 8), bill(3, 7)];
    const judged = jointVerdict([father, mother], policy);
    expect(judged?.risk).toMatchObject({ bills: { middle: 4_000_000 }, paidFen: 4_000_000, notAdded: [] });
    expect(judged?.verdict.severity).toBeGreaterThan(father.severity);
    expect(jointVerdict([father, again], policy)).toBeUndefined();
    expect(jointVerdict([father, mother, again], policy)?.verdict).toEqual(judged?.verdict);
  });

  it('raises none for one patient and a child out of school, whatever has become of the income since', () => {
    const loss = { low: 2_000_000, middle: 2_000_000, high: 2_000_000 };
    const period = { since: '2026-01-01', until: '2026-06-30', person: 7, ofIncome: false };
    const home = { persons: 4, perCapitaFen: 900_000, projectedFen: 900_000, reasons: 0, inputs: [], severity: 1 };
    const patient: StandingAlert = {
      ...home,
      ...{ origin: 1, cause: 'illness', loss, sliceNo: 1 },
      found: { ...period, kind: 'medical-spending', cumulative: true, paidFen: 2_000_000 },
    };
    const child: StandingAlert = {
      ...home,
      ...{ origin: 2, cause: 'schooling', loss: { low: 0, middle: 0, high: 0 }, sliceNo: 2 },
      found: { ...period, kind: 'drop-out', cumulative: false, paidFen: 0 },
    };
    expect(jointRisk([patient, child], policy)).toMatchObject({ jointSeverity: 4, adding: [1], notAdded: [] });
    expect(jointVerdict([patient, child], policy)).toBeUndefined();
  });

  it('raises one for two storms over two fields, and none for two over one', () => {
    const of = { persons: 4, perCapitaFen: 1_080_000, facts: 0, livelihoods: [] };
    const storm = (origin: number, middle: number, product: number): StandingAlert => {
      const loss = { low: middle, middle, high: middle };
      const { severity, projectedFen, reasons } = judge(of, loss, policy);
      const home = { persons: 4, perCapitaFen: of.perCapitaFen, projectedFen, reasons };
      return {
        ...home,
        origin,
        cause: 'crop-disaster',
        severity,
        loss,
        sliceNo: origin,
        inputs: [product, 100, PLACE],
      };
    };
    expect(jointVerdict([storm(1, 500_000, 2), storm(2, 450_000, 3)], policy)?.verdict.severity).toBe(4);
    expect(jointVerdict([storm(1, 500_000, 2), storm(2, 450_000, 2)], policy)).toBeUndefined();
  });

  it('asks nothing of a household with a red alert, beside which nothing is worse, nor of one with a single one', () => {
    expect(mayBeJoint([{ severity: 3 }, { severity: 4 }])).toBe(false);
    expect(mayBeJoint([{ severity: 3 }])).toBe(false);
    expect(mayBeJoint([{ severity: 1 }, { severity: 1 }])).toBe(true);
  });

  it('is the same in whatever order its causes came', () => {
    fc.assert(
      fc.property(home, (parts) => {
        expect(jointVerdict(parts.toReversed(), policy)?.verdict).toEqual(jointVerdict(parts, policy)?.verdict);
      }),
    );
  });

  it('says where it is no worse because what befell the household is little beside how it stood', () => {
    const loss = (origin: number, yuan: number): StandingAlert => {
      const lost = { low: yuan * 100, middle: yuan * 100, high: yuan * 100 };
      const of = { persons: 4, perCapitaFen: 500_000, facts: 0, livelihoods: [] };
      const { severity, projectedFen, reasons } = judge(of, lost, policy);
      const known = { persons: 4, perCapitaFen: 500_000, projectedFen, reasons, inputs: [origin, 100, PLACE] };
      return { ...known, origin, cause: 'crop-disaster', severity, loss: lost, sliceNo: origin };
    };
    const parts = [loss(1, 400), loss(2, 480)];
    const row = { householdId: 1_204, dutyCode: PLACE, reasons: 0 } as AlertEntity;
    const told = explainJoint(row, { parts, judgedOn: JUDGED_ON }, policies);
    expect(told.steps.at(-1)).toMatchObject({ values: { severity: 2, worstAlone: 1, impactShareOfLine: 0.025 } });
    expect(told.steps.at(-1)?.text).toContain('级别按这次的影响来定，原来的收入和开支没有往上加');
    expect(told.text).toContain('平均每人的影响约220元，是监测线的2.5%，级别按这次的影响来定');
  });

  it('is computed again from its explanation, whatever the household', () => {
    let raised = 0;
    fc.assert(
      fc.property(home, (parts) => {
        const judged = jointVerdict(parts, policy);
        if (judged === undefined) return;
        raised += 1;
        const { verdict, risk } = judged;
        const row = {
          householdId: 1_204,
          dutyCode: PLACE,
          lossLowFen: verdict.loss.low,
          lossFen: verdict.loss.middle,
          lossHighFen: verdict.loss.high,
          perCapitaFen: risk.perCapitaFen,
          projectedFen: verdict.projectedFen,
          persons: risk.persons,
          severity: verdict.severity,
          reasons: verdict.reasons,
        } as AlertEntity;
        // Parts are kept as JSON.
        const kept = JSON.parse(JSON.stringify(parts)) as StandingAlert[];
        const told = explainJoint(row, { parts: kept, judgedOn: JUDGED_ON }, policies);
        expect(told.recomputed).toBe(true);
        expect(told.inputs.causes.map(({ alertId }) => alertId)).toEqual(
          parts.map(({ origin }) => composeDerivedId({ origin, householdId: 1_204 })),
        );
        expect(told.text).toContain('合在一起');
        expect(told.policy.records.map(({ key }) => key)).toEqual(
          expect.arrayContaining(['severity-bands', 'triage', 'monitoring-line']),
        );
        expect(
          explainJoint({ ...row, lossFen: row.lossFen + 1 }, { parts, judgedOn: JUDGED_ON }, policies),
        ).toMatchObject({
          recomputed: false,
        });
      }),
      { numRuns: 1_000 },
    );
    expect(raised).toBeGreaterThan(20);
  });
});

describe('a joint alert', () => {
  it('is raised once, and said again only when it grows worse or has other causes', () => {
    expect(moveJoint(undefined, { severity: 0, causes: [], adding: [] }, () => 'stands', 0, life)).toEqual({
      kind: 'none',
    });
    expect(moveJoint(undefined, { severity: 2, causes: [], adding: [] }, () => 'stands', 0, life)).toEqual({
      kind: 'raise',
    });
    expect(moveTo(3)).toEqual({ kind: 'keep', lowerSinceMs: null });
    expect(moveTo(4)).toEqual({ kind: 'revise' });
    expect(moveTo(3, { causes: ['crop-disaster', 'illness'] })).toEqual({ kind: 'revise' });
  });

  it('is said again when another alert of its causes adds something, for nobody has looked at those together', () => {
    expect(moveTo(3, { adding: [1, 2, 3] })).toEqual({ kind: 'revise' });
    // What others hold already adds nothing, and one that was there may become the larger one.
    expect(moveTo(3, { adding: [2] })).toEqual({ kind: 'keep', lowerSinceMs: null });
    // Two offices had told of one patient, as it seemed: they are two.
    const before = { ...standing, members: [1, 2, 3], toldAdding: 2 };
    expect(moveTo(3, { before, adding: [1, 3] })).toEqual({ kind: 'keep', lowerSinceMs: null });
    expect(moveTo(3, { before, adding: [1, 2, 3] })).toEqual({ kind: 'revise' });
    expect(moveTo(3, { before: { ...before, toldAdding: null }, adding: [1, 2, 3] })).toMatchObject({ kind: 'keep' });
  });

  it('eases and goes only once less has stood for the days of policy', () => {
    for (const severity of [2, 0]) {
      const waits = moveTo(severity, { atMs: 5 });
      expect(waits).toEqual({ kind: 'keep', lowerSinceMs: 5 });
      const before = { ...standing, lowerSinceMs: 5 };
      const days = life.easeAfterDays * DAY_MS;
      expect(moveTo(severity, { before, atMs: days })).toEqual(waits);
      expect(moveTo(severity, { before, atMs: days + 5 })).toEqual({ kind: severity === 0 ? 'withdraw' : 'revise' });
      // What is worse again in between begins anew.
      expect(moveTo(3, { before, atMs: days })).toEqual({ kind: 'keep', lowerSinceMs: null });
    }
  });

  it('goes at once when what it was made of is taken back, and says nothing when a case has answered it', () => {
    expect(moveTo(0, { fate: 'recalled' })).toEqual({ kind: 'withdraw' });
    expect(moveTo(2, { fate: 'recalled' })).toEqual({ kind: 'revise' });
    expect(moveTo(0, { fate: 'gone' })).toEqual({ kind: 'end' });
    expect(moveTo(3, { fate: 'recalled' })).toEqual({ kind: 'keep', lowerSinceMs: null });
  });

  it('stays as it is while its open case alone keeps a part whose time is over, and says nothing when that has ended', () => {
    const after = { before: standing, atMs: 400 * DAY_MS };
    for (const severity of [0, 2])
      expect(moveTo(severity, { ...after, fate: 'kept' })).toEqual({ kind: 'keep', lowerSinceMs: null });
    const long = { ...standing, lowerSinceMs: 0 };
    expect(moveTo(0, { before: long, fate: 'kept', atMs: 400 * DAY_MS })).toEqual({ kind: 'keep', lowerSinceMs: null });
    expect(moveTo(4, { ...after, fate: 'kept' })).toEqual({ kind: 'revise' });
    expect(moveTo(0, { ...after, fate: 'gone' })).toEqual({ kind: 'end' });
  });
});
