import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { alertReasons, AreaDamageSchema, WaterCutSchema, type Cause } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { loadPolicy, NoPolicy, PolicySet, type PolicyRecord } from '@fangpin/policy';
import { befalling, PLACE, TOWNSHIP, type ShockChange } from '../../test/support/losses.js';
import { causesOf } from './causes.js';
import { compileDwellingModel, type DwellingModel } from './dwelling-model.js';
import { householdFacts, type AssessedHousehold, type Verdict } from './household.js';
import { compileLossModel, productsAtRisk } from './loss-model.js';
import { isScheme, type ShockFacts } from './shock-facts.js';
import { HOUSE_CODES, HOUSE_GRADES, houseCode, houseOf, WATER } from './things.js';

const policy = loadPolicy();
const shock = (change: ShockChange, cause: Cause = 'dwelling'): ShockFacts =>
  befalling({ kind: 'earthquake', ...change }, cause);
const quake = (...intensity: [string, number][]): ShockFacts =>
  shock({ intensity: intensity.map(([region, degree]) => ({ region, intensity: degree })) });
const report = (housesCollapsed: number, housesDamaged: number, region = '532327101'): ShockFacts =>
  shock({
    kind: 'flood',
    regions: [region],
    damage: [create(AreaDamageSchema, { region, housesCollapsed, housesDamaged })],
  });
/** 3000 houses of grade A and 40 of D. */
const STANDING = [0, 3_000, 0, 0, 40];

const home = (grade: number, only = true, change: Partial<AssessedHousehold> = {}): AssessedHousehold => ({
  persons: 4,
  perCapitaFen: 2_000_000,
  facts: householdFacts({ labourers: 2, severelyDisabled: 0, monitoring: 1, dwelling: grade, onlyDwelling: only }),
  livelihoods: [{ product: houseCode({ grade, only }), quantity: 1, place: PLACE }],
  ...change,
});
const model = (facts: ShockFacts, standing: readonly number[] = []): DwellingModel =>
  compileDwellingModel(facts, standing, policy, TOWNSHIP);
const [, A, B, C, D] = HOUSE_GRADES.keys() as unknown as [number, number, number, number, number];

describe('what a shock is to households', () => {
  const causes = (change: ShockChange): Cause[] => causesOf(shock(change), policy);

  it('is crops for every hazard with a record in policy, and houses where it is known to take them', () => {
    for (const kind of ['gale', 'thunderstorm-gale', 'frost', 'drought', 'snowstorm', 'typhoon', 'cold-wave', 'hail'])
      expect(causes({ kind })).toEqual(['crop-disaster']);
    for (const kind of ['flood', 'flash-flood', 'geological'])
      expect(causes({ kind })).toEqual(['crop-disaster', 'dwelling']);
    expect(causes({ kind: 'earthquake', intensity: [{ region: '532327', intensity: 7 }] })).toEqual(['dwelling']);
    for (const kind of ['fog', 'haze', 'icy-road']) expect(causes({ kind })).toEqual([]);
    expect(causes({ kind: 'water-cut' })).toEqual(['water']);
  });

  it('follows a report: houses where it counts some, no houses where it names fields alone', () => {
    const damage = (figures: MessageInitShape<typeof AreaDamageSchema>): ShockChange => ({
      kind: 'typhoon',
      damage: [create(AreaDamageSchema, { region: '532327', ...figures })],
    });
    expect(causes(damage({ housesDamaged: 3 }))).toEqual(['crop-disaster', 'dwelling']);
    expect(causes({ ...damage({ cropHitCentimu: 100n }), kind: 'flood' })).toEqual(['crop-disaster']);
    expect(causes({ ...damage({ cropHitCentimu: 100n }), kind: 'other' })).toEqual(['crop-disaster']);
    expect(causes({ ...damage({}), kind: 'flood' })).toEqual(['crop-disaster', 'dwelling']);
  });

  it('is more once a county adds a record, and nothing before the first one', () => {
    const frost = policy.records.find(({ key, subject }) => key === 'hazard-loss' && subject === 'frost');
    const sand = { ...(frost as PolicyRecord), subject: 'sandstorm' };
    const widened = new PolicySet('with sand', [...policy.records, sand]);
    expect(causes({ kind: 'sandstorm' })).toEqual([]);
    expect(causesOf(shock({ kind: 'sandstorm' }), widened)).toEqual(['crop-disaster']);
    expect(causes({ kind: 'hail', judgedOn: '1999-07-01' })).toEqual([]);
  });
});

describe('codes of houses', () => {
  it('are those of the grade and of being the only one, and stay clear of products', () => {
    for (const code of HOUSE_CODES) expect(houseCode(houseOf(code) as never)).toBe(code);
    expect(new Set(HOUSE_CODES).size).toBe(10);
    expect(houseCode({ grade: 9, only: false })).toBe(houseCode({ grade: 0, only: false }));
    expect(houseOf(100)).toBeUndefined();
    expect(houseOf(WATER)).toBeUndefined();
    expect(productsAtRisk(quake(['532327', 7]), policy)).toEqual([...HOUSE_CODES]);
  });
});

describe('the loss of a house', () => {
  it('grows with the intensity and with a worse grade, from Ⅵ on', () => {
    for (const grade of [A, B, C, D])
      for (let intensity = 7; intensity <= 12; intensity += 1)
        expect(model(quake(['532327', intensity])).loss(home(grade)).middle).toBeGreaterThanOrEqual(
          model(quake(['532327', intensity - 1])).loss(home(grade)).middle,
        );
    const bills = [A, B, C, D].map((grade) => model(quake(['532327', 7])).loss(home(grade)).middle);
    expect(bills).toEqual([...bills].sort((a, b) => a - b));
    expect(new Set(bills).size).toBe(4);
    expect(model(quake(['532327', 5])).assess(home(D))).toBeUndefined();
  });

  it('takes the intensity of the nearest area named around it', () => {
    const zones = quake(['532327', 6], ['532327101', 9], ['532327101202', 7]);
    expect(model(zones).loss(home(B))).toEqual(model(quake(['532327', 9])).loss(home(B)));
    const next = home(B, true, { livelihoods: [{ product: 412, quantity: 1, place: 532327101202003 }] });
    expect(model(zones).loss(next)).toEqual(model(quake(['532327', 7])).loss(home(B)));
    const hidden = quake(['532327', 9], ['532327101', 5]);
    expect(model(hidden).assess(home(D))).toBeUndefined();
    const elsewhere = home(D, true, { livelihoods: [{ product: 414, quantity: 1, place: 532622101201000 }] });
    expect(model(zones).assess(elsewhere)).toBeUndefined();
  });

  it('spreads the houses of a report over those that stand there, the weak ones first', () => {
    const some = model(report(20, 60), STANDING);
    const sound = some.riskOf(home(A).livelihoods[0] as never);
    const weak = some.riskOf(home(D).livelihoods[0] as never);
    expect(weak.unsafe).toBeCloseTo(6 * sound.unsafe, 6);
    // As many as the report counts: the probabilities of all houses add up to it.
    expect(3_000 * sound.unsafe + 40 * weak.unsafe).toBeCloseTo(20 + 0.4 * 60, 6);
    expect(model(report(40, 60), STANDING).loss(home(A)).middle).toBeGreaterThan(some.loss(home(A)).middle);
    // One that counts nothing says nothing: the level decides.
    expect(model(report(0, 0)).loss(home(D))).toEqual(model(shock({ kind: 'flood' })).loss(home(D)));
    expect(model(report(1, 0), STANDING).loss(home(A)).high).toBe(16_000_000);
    expect(model(report(9_000, 0), STANDING).riskOf(home(D).livelihoods[0] as never).unsafe).toBe(1);
  });

  it('is judged by level and grade where nobody counted', () => {
    const flood = (level: number): Verdict | undefined => model(shock({ kind: 'flash-flood', level })).assess(home(D));
    expect(flood(4)?.loss.middle).toBeGreaterThan(flood(3)?.loss.middle ?? Infinity);
    expect(flood(4)?.severity).toBeGreaterThan(flood(1)?.severity ?? Infinity);
    expect(model(shock({ kind: 'hail', level: 4 })).assess(home(D))).toBeUndefined();
  });
});

describe('what needs no income', () => {
  it('is the only house that may be unsafe, of a household far above the line', () => {
    const rich = { perCapitaFen: 9_000_000 };
    const only = model(quake(['532327', 9])).assess(home(B, true, rich));
    expect(only).toMatchObject({ severity: 4, projectedFen: 9_000_000 });
    expect(only?.withheld).toBeUndefined();
    expect((only?.reasons ?? 0) & alertReasons.dwellingDamaged.bit).not.toBe(0);
    const second = model(quake(['532327', 9])).assess(home(B, false, rich));
    expect(second?.withheld).toBe('income-well-above-line');
    expect(model(quake(['532327', 6])).assess(home(A, true, rich))?.withheld).toBe('income-well-above-line');
  });

  it('is the water that is gone, the longer the worse', () => {
    const cut = (days: number): Verdict | undefined =>
      compileLossModel(
        shock({ kind: 'water-cut', waterCut: create(WaterCutSchema, { schemes: ['W1'], days }) }, 'water'),
        [],
        policy,
        TOWNSHIP,
      ).assess(home(A, true, { livelihoods: [{ product: WATER, quantity: 4, place: PLACE }] }));
    expect([1, 3, 7, 15, 31].map((days) => cut(days)?.severity)).toEqual([0, 1, 2, 3, 4]);
    expect(cut(0)?.loss).toEqual(cut(3)?.loss);
    expect(cut(31)?.loss).toEqual({ low: 6_200, middle: 18_600, high: 49_600 });
    expect((cut(31)?.reasons ?? 0) & alertReasons.waterGone.bit).not.toBe(0);
  });

  it('counts schemes by their codes alone', () => {
    expect(isScheme('W532327101201-1')).toBe(true);
    for (const text of ['', "a'", 'a,b', '{}', 'x'.repeat(33), '水厂']) expect(isScheme(text)).toBe(false);
  });
});

describe('hard spending', () => {
  it('is set beside income and never taken off it', () => {
    const verdict = model(quake(['532327', 8])).assess(home(B, false, { perCapitaFen: 1_000_000 }));
    expect(verdict).toMatchObject({ projectedFen: 1_000_000, severity: 4 });
    expect((verdict?.reasons ?? 0) & alertReasons.hardSpending.bit).not.toBe(0);
    expect((verdict?.reasons ?? 0) & alertReasons.incomeBelowLine.bit).toBe(0);
    const richer = model(quake(['532327', 8])).assess(home(B, false, { perCapitaFen: 6_000_000 }));
    expect(richer?.withheld).toBe('income-well-above-line');
  });
});

describe('hard spending on record', () => {
  const crop = compileLossModel(shock({ kind: 'hail', level: 4 }, 'crop-disaster'), [], policy, TOWNSHIP);
  const grower = home(A, true, { perCapitaFen: 1_500_000, livelihoods: [{ product: 2, quantity: 300, place: PLACE }] });

  it('weighs in whatever the shock takes, and the projected income stays as it is', () => {
    const without = crop.assess(grower);
    const ill = crop.assess({ ...grower, spendingFen: 4_500_000 });
    expect(without?.withheld).toBe('income-well-above-line');
    expect(ill?.severity).toBeGreaterThanOrEqual(3);
    expect(ill?.projectedFen).toBe(without?.projectedFen);
    expect((ill?.reasons ?? 0) & alertReasons.hardSpending.bit).not.toBe(0);
    for (const spendingFen of [null, 0]) expect(crop.assess({ ...grower, spendingFen })).toEqual(without);
  });

  it('comes on top of the bill for the house', () => {
    const quaked = model(quake(['532327', 7]));
    const bare = quaked.assess(home(B, false, { perCapitaFen: 1_500_000 }));
    const ill = quaked.assess(home(B, false, { perCapitaFen: 1_500_000, spendingFen: 3_000_000 }));
    expect(ill?.severity).toBeGreaterThan(bare?.severity ?? 4);
  });
});

describe('every verdict on a home', () => {
  const someone = fc.record({
    grade: fc.integer({ min: 0, max: 4 }),
    only: fc.boolean(),
    persons: fc.integer({ min: 1, max: 12 }),
    perCapitaFen: fc.integer({ min: -500_000, max: 9_000_000 }),
  });
  const intensity = fc.integer({ min: 1, max: 12 });

  it('has low ≤ middle ≤ high, and is never milder for who earns less or for a stronger shaking', () => {
    fc.assert(
      fc.property(someone, intensity, fc.integer({ min: 1, max: 500_000 }), (who, degree, less) => {
        const { grade, only, ...of } = who;
        const household = home(grade, only, of);
        const verdict = model(quake(['532327', degree])).assess(household);
        if (verdict !== undefined) {
          expect(verdict.loss.low).toBeLessThanOrEqual(verdict.loss.middle);
          expect(verdict.loss.middle).toBeLessThanOrEqual(verdict.loss.high);
        }
        const severity = verdict?.severity ?? 0;
        const poorer = model(quake(['532327', degree])).assess({ ...household, perCapitaFen: of.perCapitaFen - less });
        expect(poorer?.severity ?? 0).toBeGreaterThanOrEqual(severity);
        const stronger = model(quake(['532327', Math.min(12, degree + 1)])).assess(household);
        expect(stronger?.severity ?? 0).toBeGreaterThanOrEqual(severity);
      }),
    );
  });
});

describe('where no monitoring line was set', () => {
  const SICHUAN = '510104020' as RegionCode;
  const there = (livelihood: number, change: Partial<AssessedHousehold> = {}): AssessedHousehold =>
    home(D, true, { livelihoods: [{ product: livelihood, quantity: 4, place: 510104020001000 }], ...change });
  const inSichuan = (change: ShockChange, cause: Cause): ((who: AssessedHousehold) => unknown) => {
    const compiled = compileLossModel(shock({ regions: ['510104'], ...change }, cause), [], policy, SICHUAN);
    return (who) => compiled.assess(who);
  };

  it('who may have no safe home, or no water, is alerted, and what only its income decides waits', () => {
    const quaked = inSichuan({ intensity: [{ region: '510104', intensity: 9 }] }, 'dwelling');
    const only = houseCode({ grade: D, only: true });
    expect(quaked(there(only))).toMatchObject({ severity: 4, lineUnknown: true });
    expect(quaked(there(only))).not.toHaveProperty('withheld');
    expect(() => quaked(there(houseCode({ grade: D, only: false })))).toThrow(NoPolicy);
    const cut = inSichuan({ kind: 'water-cut', waterCut: create(WaterCutSchema, { days: 20 }) }, 'water');
    expect(cut(there(WATER))).toMatchObject({ lineUnknown: true });
    const short = inSichuan({ kind: 'water-cut', waterCut: create(WaterCutSchema, { days: 1 }) }, 'water');
    expect(() => short(there(WATER))).toThrow(NoPolicy);
  });

  it('a need that only a line could make an alert of waits for it', () => {
    const records = policy.records.map((record): PolicyRecord =>
      record.key === 'triage' ? { ...record, value: { alertFrom: 3, caseFrom: 4 } } : record,
    );
    const strict = compileLossModel(
      shock({ regions: ['510104'], intensity: [{ region: '510104', intensity: 6 }] }),
      [],
      new PolicySet('strict', records),
      SICHUAN,
    );
    const strong = home(D, true, {
      facts: 0,
      livelihoods: [{ product: houseCode({ grade: D, only: true }), quantity: 1, place: 510104020001000 }],
    });
    expect(() => strict.assess(strong)).toThrow(NoPolicy);
  });
});
