import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { findingKinds, FindingKind, FindingSchema, FindingState } from '@fangpin/contracts';
import { packRevision } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AlertEntity } from '../alerts/alert.entity.js';
import { flatInputs, RAISED, WITHDRAWN } from '../fan-out/alert-rows.js';
import { decideFinding, type LastFindingAlert } from './decide-finding.rule.js';
import { explainFinding } from './explain-finding.js';
import type { KnownHousehold } from './found-households.js';
import { isOfIncome } from './finding-loss.rule.js';
import { latestOfEach, notedFinding, storedFinding, type NotedFinding } from './noted-finding.js';

const policy = loadPolicy();
const DUTY = 532327101201000;
/** No monitoring line is on file for any place of that province. */
const SICHUAN = 510104020001000;

const found = (change: MessageInitShape<typeof FindingSchema> = {}): NotedFinding =>
  notedFinding(
    create(FindingSchema, {
      findingId: '00000000-0000-4000-8000-000000000001',
      revision: BigInt(packRevision({ epoch: 1, version: 1 })),
      householdId: 7n,
      dutyCode: BigInt(DUTY),
      kind: FindingKind.MEDICAL_SPENDING,
      state: FindingState.RAISED,
      department: 'health-insurance',
      occurredOn: '2025-07-31',
      spentFen: 4_000_000n,
      spentSince: '2025-01-01',
      ...change,
    }),
  );
const home = (change: Partial<KnownHousehold> = {}): KnownHousehold => ({
  householdId: 7,
  dutyCode: DUTY,
  persons: 4,
  perCapitaFen: 1_200_000,
  facts: 0,
  livelihoods: [],
  wageFenPerWorker: null,
  spendingFen: null,
  watched: false,
  onlyDwelling: true,
  ...change,
});
const alertOf = (finding: NotedFinding, change: Partial<LastFindingAlert> = {}): LastFindingAlert => ({
  origin: finding.origin,
  householdId: finding.householdId,
  dutyCode: DUTY,
  revision: 1,
  state: RAISED,
  severity: 4,
  persons: 4,
  perCapitaFen: 1_200_000,
  lossFen: 4_000_000,
  lineUnknown: false,
  facts: finding.facts,
  saidFen: [],
  ...change,
});

const anyFinding = fc
  .record({
    kind: fc.constantFrom(...findingKinds.map(({ code }) => code)),
    spentFen: fc.bigInt({ min: 0n, max: 30_000_000n }),
    refundedFen: fc.bigInt({ min: 0n, max: 30_000_000n }),
    spentSince: fc.constantFrom('', '2025-01-01'),
    ofEarner: fc.boolean(),
    days: fc.integer({ min: 0, max: 60 }),
    houseGrade: fc.integer({ min: 0, max: 4 }),
    state: fc.constantFrom(FindingState.RAISED, FindingState.RAISED, FindingState.WITHDRAWN),
    occurredOn: fc.constantFrom('2025-07-31', '2025-07-31', '1999-01-01'),
  })
  .map(found);
const anyHome = fc
  .record({
    persons: fc.integer({ min: 1, max: 9 }),
    perCapitaFen: fc.option(fc.integer({ min: -500_000, max: 9_000_000 })),
    dutyCode: fc.constantFrom(DUTY, DUTY, SICHUAN),
    facts: fc.constantFrom(0, 8, 32),
    watched: fc.boolean(),
    onlyDwelling: fc.boolean(),
    wageFenPerWorker: fc.option(fc.integer({ min: 1, max: 8_000_000 })),
    spendingFen: fc.option(fc.integer({ min: 1, max: 8_000_000 })),
  })
  .map(home);
const anyLast = fc.array(
  fc.record({
    finding: anyFinding,
    householdId: fc.constantFrom(7, 8),
    severity: fc.integer({ min: 1, max: 4 }),
    state: fc.constantFrom(RAISED, WITHDRAWN),
  }),
  { maxLength: 3 },
);

describe('what a finding changes', () => {
  it('is a standing alert of its household and cause exactly where its outcome says so, and no other', () => {
    fc.assert(
      fc.property(
        anyFinding,
        fc.option(fc.oneof(anyHome, fc.constant('left' as const)), { nil: undefined }),
        anyLast,
        (finding, household, others) => {
          const alerts = others.map(({ finding: of, ...change }) => alertOf(of, change));
          const last = [
            ...new Map(alerts.map((alert) => [`${alert.origin}/${alert.householdId}`, alert] as const)).values(),
          ];
          const { outcome, reason, raise, withdraw } = decideFinding(finding, household, last, policy);
          const standing = new Set(
            last.filter(({ state }) => state === RAISED).map((a) => `${a.origin}/${a.householdId}`),
          );
          for (const alert of withdraw) expect(standing.delete(`${alert.origin}/${alert.householdId}`)).toBe(true);
          if (raise !== undefined) standing.add(`${finding.origin}/7`);
          expect([...standing]).toEqual(outcome === 'alerted' ? [`${finding.origin}/7`] : []);
          if (outcome !== 'alerted') expect(reason !== null).toBe(outcome === 'waiting' || outcome === 'withheld');
          else if (reason !== null && reason !== 'no-line') expect(raise).toBeUndefined();
          if (finding.facts.withdrawn) expect(outcome).toBe('withdrawn');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is said again where its household has moved, so that the case follows, and once only', () => {
    const finding = found();
    const there = home({ dutyCode: DUTY + 1_000_000 });
    const { raise } = decideFinding(finding, home(), [], policy);
    const own = alertOf(finding, { severity: raise?.verdict.severity ?? 0 });
    expect(decideFinding(finding, there, [own], policy)).toMatchObject({
      outcome: 'alerted',
      raise: { household: there },
    });
    expect(decideFinding(finding, there, [{ ...own, dutyCode: there.dutyCode }], policy).raise).toBeUndefined();
  });

  it('is nothing when the very same comes again', () => {
    fc.assert(
      fc.property(anyFinding, anyHome, (finding, household) => {
        const { outcome, reason, raise } = decideFinding(finding, household, [], policy);
        if (raise === undefined) return;
        const again = decideFinding(
          finding,
          household,
          [alertOf(finding, { severity: raise.verdict.severity, dutyCode: household.dutyCode })],
          policy,
        );
        expect(again).toEqual({ outcome, reason, withdraw: [] });
      }),
    );
  });

  it('is said again when the department corrects it to something milder', () => {
    const severe = found({ kind: FindingKind.DROP_OUT, days: 40, spentFen: 0n, spentSince: '' });
    const milder = found({ kind: FindingKind.DROP_OUT, days: 9, spentFen: 0n, spentSince: '' });
    const { raise } = decideFinding(milder, home({ perCapitaFen: 9_000_000 }), [alertOf(severe)], policy);
    expect(raise?.verdict.severity).toBe(2);
  });

  it('is said again when its department corrects what it tells of, though it stays as grave', () => {
    const grave = home({ perCapitaFen: 300_000 });
    const event = { kind: FindingKind.ACCIDENT, spentSince: '' };
    const corrections: [MessageInitShape<typeof FindingSchema>, MessageInitShape<typeof FindingSchema>][] = [
      [{ spentFen: 60_000_000n }, { spentFen: 6_000_000n }],
      [{ spentFen: 6_000_000n }, { spentFen: 7_000_000n, refundedFen: 2_000_000n }],
      [
        { ...event, spentFen: 0n },
        { ...event, spentFen: 8_000_000n },
      ],
      [
        { ...event, spentFen: 800_000n },
        { ...event, spentFen: 1_200_000n },
      ],
      [
        { kind: FindingKind.UNSAFE_HOUSE, houseGrade: 3, spentFen: 0n },
        { kind: FindingKind.UNSAFE_HOUSE, houseGrade: 4, spentFen: 0n },
      ],
      [
        { kind: FindingKind.DROP_OUT, days: 40, spentFen: 0n },
        { kind: FindingKind.DROP_OUT, days: 50, spentFen: 0n },
      ],
    ];
    for (const [said, corrected] of corrections) {
      const [was, is] = [found(said), found(corrected)];
      const { severity } = decideFinding(is, grave, [], policy).raise?.verdict ?? {};
      const standing = alertOf(was, severity === undefined ? {} : { severity });
      expect([corrected, decideFinding(is, grave, [standing], policy).raise]).toEqual([corrected, expect.anything()]);
    }
  });

  it('is not said again when a list names what lasts once more, with its day alone', () => {
    for (const kind of [FindingKind.UNSAFE_HOUSE, FindingKind.WATER, FindingKind.DROP_OUT, FindingKind.TUITION]) {
      const said = { kind, houseGrade: 4, days: 40 };
      const decided = decideFinding(found(said), home(), [], policy);
      const own = alertOf(found(said), { severity: decided.raise?.verdict.severity ?? 0 });
      const later = decideFinding(found({ ...said, occurredOn: '2025-08-31' }), home(), [own], policy);
      expect([kind, decided.outcome, later]).toEqual([
        kind,
        'alerted',
        { outcome: 'alerted', reason: null, withdraw: [] },
      ]);
    }
  });

  it('waits for a household that nobody knows, and leaves standing what stood before the household left', () => {
    const finding = found();
    expect(decideFinding(finding, undefined, [], policy)).toMatchObject({
      outcome: 'waiting',
      reason: 'household-unknown',
    });
    expect(decideFinding(finding, 'left', [], policy)).toMatchObject({ outcome: 'waiting', reason: 'household-left' });
    expect(decideFinding(finding, 'left', [alertOf(finding)], policy)).toEqual({
      outcome: 'alerted',
      reason: 'household-left',
      withdraw: [],
    });
  });

  it('waits where no policy holds on its day, and takes back nothing that stands', () => {
    const unjudged = found({ occurredOn: '1999-01-01' });
    expect(decideFinding(unjudged, home(), [], policy)).toEqual({
      outcome: 'waiting',
      reason: 'no-policy',
      withdraw: [],
    });
    expect(decideFinding(unjudged, home(), [alertOf(unjudged)], policy)).toEqual({
      outcome: 'alerted',
      reason: 'no-policy',
      withdraw: [],
    });
    const other = alertOf(unjudged, { householdId: 8 });
    expect(decideFinding(unjudged, home(), [other], policy)).toMatchObject({ outcome: 'waiting', withdraw: [other] });
  });

  it('does not wait for a line where it is a need that no income takes away', () => {
    const there = home({ dutyCode: SICHUAN });
    const needs = [
      { kind: FindingKind.DEATH_OF_EARNER },
      { kind: FindingKind.DISABILITY, ofEarner: true },
      { kind: FindingKind.DROP_OUT },
      { kind: FindingKind.UNSAFE_HOUSE, houseGrade: 4 },
      { kind: FindingKind.WATER, days: 20 },
      { kind: FindingKind.WATER, days: 4 },
      { kind: FindingKind.ACCIDENT },
    ];
    for (const need of needs)
      for (const who of [there, { ...there, perCapitaFen: null }]) {
        const { outcome, reason, raise } = decideFinding(found({ spentFen: 0n, ...need }), who, [], policy);
        expect({ outcome, reason }).toEqual({ outcome: 'alerted', reason: 'no-line' });
        const known = decideFinding(found({ spentFen: 0n, ...need }), { ...who, dutyCode: DUTY }, [], policy);
        expect(known.reason).toBeNull();
        const [withLine, without] = [known.raise?.verdict.severity ?? 0, raise?.verdict.severity];
        expect({ need, without, isNoGraver: (without ?? 5) <= withLine }).toMatchObject({ isNoGraver: true });
      }
    // What is decided by income alone waits: a hospital bill, a child who is not yet missed for long enough.
    expect(decideFinding(found(), there, [], policy)).toMatchObject({ outcome: 'waiting', reason: 'no-policy' });
    const bill = found({ kind: FindingKind.TUITION });
    expect(decideFinding(bill, there, [], policy)).toMatchObject({ outcome: 'waiting', reason: 'no-policy' });
  });

  it('is judged by the line once there is one, and says so, though it is no worse', () => {
    const finding = found({ kind: FindingKind.DROP_OUT, spentFen: 0n });
    const without = alertOf(finding, { severity: 4, lineUnknown: true });
    const told = decideFinding(finding, home({ dutyCode: SICHUAN }), [{ ...without, dutyCode: SICHUAN }], policy);
    expect(told).toEqual({ outcome: 'alerted', reason: 'no-line', withdraw: [] });
    const judged = decideFinding(finding, home(), [without], policy);
    expect(judged).toMatchObject({ outcome: 'alerted', reason: null, raise: { verdict: { severity: 4 } } });
    const again = decideFinding(finding, home(), [{ ...without, lineUnknown: false }], policy);
    expect(again).toEqual({ outcome: 'alerted', reason: null, withdraw: [] });
  });

  it('does not become milder because its household has moved to where no line was set', () => {
    const finding = found({ kind: FindingKind.UNSAFE_HOUSE, houseGrade: 3, spentFen: 0n });
    const there = home({ dutyCode: SICHUAN });
    const own = alertOf(finding, { severity: 4 });
    expect(decideFinding(finding, there, [own], policy)).toEqual({
      outcome: 'alerted',
      reason: 'no-policy',
      withdraw: [],
    });
    // The department says that it is less than it had said there: that counts.
    const less = decideFinding(finding, there, [{ ...own, lineUnknown: true }], policy);
    expect(less).toMatchObject({ reason: 'no-line', raise: { verdict: { severity: 3 } } });
  });
});

describe('an alert of a finding', () => {
  it('is explained from what is stored of it: computing again gives the same, without holes in the words', () => {
    fc.assert(
      fc.property(anyFinding, anyHome, (finding, household) => {
        const { raise } = decideFinding(finding, household, [], policy);
        if (raise === undefined) return;
        const { verdict } = raise;
        const stored = Object.assign(new AlertEntity(), {
          ...household,
          origin: finding.origin,
          revision: 1,
          sliceNo: 1,
          lossLowFen: verdict.loss.low,
          lossFen: verdict.loss.middle,
          lossHighFen: verdict.loss.high,
          projectedFen: verdict.projectedFen,
          state: RAISED,
          severity: verdict.severity,
          reasons: verdict.reasons,
          inputs: flatInputs([], household),
        });
        const behind = {
          facts: storedFinding(finding.bytes).facts,
          watched: household.watched,
          onlyDwelling: household.onlyDwelling,
        };
        const explanation = explainFinding(stored, behind, policy);
        expect(explanation.recomputed).toBe(true);
        expect(JSON.stringify(explanation)).not.toMatch(/undefined|NaN|Infinity/);
        expect(explanation.text).toMatch(/^[^\n]+只是线索，不是认定结果。$/);
        expect(explanation.policy.records.map(({ key }) => key)).toContain('severity-bands');
        const reckoned = explanation.steps.find(({ step }) => step === 'loss')?.text ?? '';
        expect(reckoned.includes('工资')).toBe(isOfIncome(behind.facts));
        if (household.dutyCode === SICHUAN) expect(explanation.text).toContain('当地的监测线还没有定');
      }),
      { numRuns: 500 },
    );
  });
});

describe('findings that come together', () => {
  it('count with the highest revision of each, in one order', () => {
    const at = (id: number, version: number): NotedFinding =>
      found({ findingId: `00000000-0000-4000-8000-00000000000${id}`, revision: BigInt(version) });
    const latest = latestOfEach([at(2, 1), at(1, 3), at(1, 2), at(2, 5)]);
    expect(latest.map(({ facts }) => [facts.findingId.slice(-1), facts.revision])).toEqual([
      ['1', 3],
      ['2', 5],
    ]);
  });

  it('are refused by their field where no row can hold them', () => {
    expect(() => found({ findingId: 'F1' })).toThrow(/findingId/);
    expect(() => found({ householdId: 0n })).toThrow(/householdId/);
    expect(() => found({ dutyCode: 2n ** 60n })).toThrow(/dutyCode/);
  });
});
