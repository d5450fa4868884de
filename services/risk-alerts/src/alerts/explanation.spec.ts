import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { create } from '@bufbuild/protobuf';
import {
  alertReasons,
  AreaAnimalsSchema,
  AreaDamageSchema,
  findProductByKey,
  findProductByName,
  LayOffSchema,
  levelNames,
  products,
  ShockSchema,
  UnsoldStockSchema,
  WaterCutSchema,
  type AlertReason,
  type Cause,
  type ShockCause,
  type Shock,
} from '@fangpin/contracts';
import { dutyCodeOf } from '@fangpin/domain-kit';
import { loadPolicy, PolicySet, recordIdOf } from '@fangpin/policy';
import { flatInputs } from '../fan-out/alert-rows.js';
import type { FanOut } from '../fan-out/fan-out.js';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import type { AssessedHousehold, ExposedLivelihood } from '../loss/household.js';
import { causesOf, compileLossModel } from '../loss/loss-model.js';
import { dayNumber } from '../loss/recent-removal.rule.js';
import { shockFacts, type ShockFacts } from '../loss/shock-facts.js';
import { HOUSE_GRADES, houseCode, WATER } from '../loss/things.js';
import { AlertEntity } from './alert.entity.js';
import { explain, type Explanation } from './explanation.js';
import type { ExplanationInputs } from './explanation-inputs.js';

const policy = loadPolicy();
const { bit: REMOVED } = alertReasons.recentlyRemoved;
const REGIONS = ['532327', '532327101', '532327101201', '532327101201003'];
const PLACES = [532327101201000, 532327101201003, 532327101202000, 532327102201000];

const whole = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
const region = fc.constantFrom(...REGIONS);
const place = fc.constantFrom(...PLACES);
const level = whole(4);

const base = (kind: string, change: object = {}): Shock =>
  create(ShockSchema, {
    shockId: '00000000-0000-4000-8000-000000000001',
    revision: 1n,
    kind,
    regions: ['532327'],
    judgedOn: '2026-07-18',
    headline: '灾情',
    source: '测试构造',
    ...change,
  });

const shocks: Record<ShockCause, fc.Arbitrary<Shock>> = {
  'crop-disaster': fc.oneof(
    fc
      .tuple(fc.constantFrom(...policy.table('hazard-loss', '532327' as never, '2026-07-18').keys()), level, region)
      .map(([kind, at, where]) => base(kind, { level: at, regions: [where] })),
    fc.tuple(region, whole(2_000, 1)).map(([where, mu]) =>
      base('flood', {
        damage: [create(AreaDamageSchema, { region: where, cropHitCentimu: BigInt(mu * 100), cropLostCentimu: 9n })],
      }),
    ),
  ),
  'price-fall': fc.tuple(whole(3_000, 500), fc.constantFrom(2, 100)).map(([latest, product]) =>
    base('price-fall', {
      regions: ['00'],
      priceFall: {
        product,
        market: '全国',
        referenceFenPerKg: 3_246n,
        latestFenPerKg: BigInt(latest),
        fromDay: '2026-04-18',
        latestDay: '2026-07-18',
      },
    }),
  ),
  dwelling: fc.oneof(
    fc
      .uniqueArray(fc.tuple(region, whole(12, 1)), { minLength: 1, selector: ([where]) => where })
      .map((zones) =>
        base('earthquake', { intensity: zones.map(([where, intensity]) => ({ region: where, intensity })) }),
      ),
    fc
      .tuple(region, whole(50), whole(200))
      .map(([where, housesCollapsed, housesDamaged]) =>
        base('flood', { damage: [create(AreaDamageSchema, { region: where, housesCollapsed, housesDamaged })] }),
      ),
    fc
      .tuple(fc.constantFrom('flood', 'flash-flood', 'geological', 'earthquake'), level)
      .map(([kind, at]) => base(kind, { level: at })),
  ),
  water: fc
    .tuple(whole(60), region)
    .map(([days, where]) =>
      base('water-cut', { regions: [where], waterCut: create(WaterCutSchema, { days, schemes: ['W1'] }) }),
    ),
  'animal-disease': fc.oneof(
    fc
      .tuple(fc.constantFrom('african-swine-fever', 'foot-and-mouth', 'bird-flu', 'animal-disease'), region)
      .map(([kind, where]) => base(kind, { regions: [where] })),
    fc.tuple(region, whole(90_000), whole(90_000)).map(([where, deadHeads, culledHeads]) =>
      base('african-swine-fever', {
        animalDisease: [create(AreaAnimalsSchema, { region: where, product: 100, deadHeads, culledHeads })],
      }),
    ),
  ),
  'job-loss': fc
    .tuple(fc.constantFrom<number[]>([], [200], [201, 203]), whole(200_000))
    .map(([branches, persons]) => base('lay-off', { layOff: create(LayOffSchema, { branches, persons }) })),
  'unsold-stock': fc
    .tuple(fc.constantFrom(5, 9, 100), whole(300), whole(90_000_000))
    .map(([product, offered, quantityKg]) =>
      base('unsold-stock', {
        unsoldStock: create(UnsoldStockSchema, {
          products: [{ product, quantityKg: BigInt(quantityKg), offeredFenPerKg: BigInt(offered) }],
        }),
      }),
    ),
};

const ALL = products.map(({ code }) => code);
/** Enough households for the shocks that touch few products. */
const PRODUCTS: Partial<Record<Cause, number[]>> = {
  'price-fall': [100, 101, 2],
  'animal-disease': [100, 101, 102, 103, 2],
  'unsold-stock': [5, 9, 100, 2],
};
const livelihoodsOf = (cause: Cause): fc.Arbitrary<ExposedLivelihood[]> =>
  fc.array(fc.record({ product: fc.constantFrom(...(PRODUCTS[cause] ?? ALL)), quantity: whole(5_000, 1), place }), {
    minLength: 1,
    maxLength: 5,
  });
const thingsOf = (cause: Cause, persons: number): fc.Arbitrary<ExposedLivelihood[]> => {
  if (cause === 'water') return place.map((at) => [{ product: WATER, quantity: persons, place: at }]);
  if (cause !== 'dwelling') return livelihoodsOf(cause);
  return fc
    .tuple(whole(4), fc.boolean(), place)
    .map(([grade, only, at]) => [{ product: houseCode({ grade, only }), quantity: 1, place: at }]);
};
const householdOf = (cause: Cause): fc.Arbitrary<AssessedHousehold> =>
  whole(12, 1)
    .chain((persons) =>
      fc.record({
        persons: fc.constant(persons),
        perCapitaFen: fc.option(whole(6_000_000, -500_000)),
        facts: fc.constantFrom(0, 8, 16, 32, REMOVED, 128, 8 | 16),
        livelihoods: thingsOf(cause, persons),
        wageFenPerWorker: fc.option(whole(8_000_000, 1)),
        spendingFen: fc.option(whole(6_000_000)),
        // Around the day from which on a removal is recent, judged on 2026-07-18.
        removedDay: fc.option(whole(20_800, 20_000)),
      }),
    )
    .map((one) => ({ ...one, removedDay: (one.facts & REMOVED) === 0 ? null : one.removedDay }));

interface Explained {
  readonly fanOut: FanOut;
  readonly alert: AlertEntity;
  readonly explanation: Explanation;
  readonly withheld: boolean;
}

/** Judges as a slice does, stores as the writer does, explains as the reader does. */
function explained(cause: Cause, shock: Shock, household: AssessedHousehold): Explained | undefined {
  const facts = shockFacts(shock, cause);
  const standing = cause === 'dwelling' ? [100, 900, 500, 20, 5] : [100_000];
  const dutyCode = household.livelihoods[0]?.place ?? 0;
  const verdict = compileLossModel(facts, standing, policy, townshipCode(townshipOf(dutyCode))).assess(household);
  if (verdict === undefined) return undefined;
  const alert = Object.assign(new AlertEntity(), {
    dutyCode,
    lossLowFen: verdict.loss.low,
    lossFen: verdict.loss.middle,
    lossHighFen: verdict.loss.high,
    perCapitaFen: household.perCapitaFen,
    projectedFen: verdict.projectedFen,
    persons: household.persons,
    severity: verdict.severity,
    reasons: verdict.reasons,
    inputs: flatInputs(household.livelihoods, { ...household, dutyCode }),
    wageFenPerWorker: household.wageFenPerWorker ?? null,
  });
  const fanOut = { shock: facts, standing, cause } as unknown as FanOut;
  const withheld = verdict.withheld !== undefined;
  return { fanOut, alert, explanation: explain(alert, fanOut, policy), withheld };
}

/** The household again from nothing but what an explanation shows. */
function householdFrom({
  persons,
  perCapitaFen,
  facts,
  livelihoods: shown,
  house,
  water,
  layOff,
  spendingFen,
  removedOn,
}: ExplanationInputs): AssessedHousehold {
  const bits = facts.reduce((sum, fact) => sum | alertReasons[fact as AlertReason].bit, 0);
  const things = house
    ? [
        {
          product: houseCode({ grade: HOUSE_GRADES.indexOf(house.grade), only: house.only }),
          quantity: 1,
          place: dutyCodeOf(house.region),
        },
      ]
    : water
      ? [{ product: WATER, quantity: persons, place: dutyCodeOf(water.region) }]
      : shown.map(({ product, quantity, unit, region: at }) => ({
          product: findProductByKey(product)?.code ?? 0,
          quantity: unit === '亩' ? Math.round(quantity * 100) : quantity,
          place: dutyCodeOf(at),
        }));
  return {
    persons,
    perCapitaFen,
    facts: bits,
    livelihoods: things,
    wageFenPerWorker: layOff?.wageFenPerWorker ?? null,
    spendingFen,
    removedDay: removedOn === null ? null : dayNumber(removedOn),
  };
}

const codeOf = (name: string): number => findProductByName(name)?.code ?? 0;

/** The shock again, as far as it is about the household, from nothing but what an explanation shows. */
function shockFrom(inputs: ExplanationInputs): { facts: ShockFacts; standing: readonly number[] } {
  const { shock, damage = [], priceFall, unsoldStock, layOff, house, water, animalDisease } = inputs;
  const reported = house?.reported;
  const areas = [
    ...damage.map(({ region: where, hit, damaged, lost, products: crops }) =>
      create(AreaDamageSchema, {
        region: where,
        cropHitCentimu: BigInt(hit),
        cropDamagedCentimu: BigInt(damaged),
        cropLostCentimu: BigInt(lost),
        products: crops.map(codeOf),
      }),
    ),
    ...(reported
      ? [
          create(AreaDamageSchema, {
            region: reported.region,
            housesCollapsed: reported.collapsed,
            housesDamaged: reported.damaged,
          }),
        ]
      : []),
  ];
  const { cause, kind, level: named, judgedOn, observed, regions } = shock;
  const told = base(kind, {
    level: Number(Object.entries(levelNames).find(([, name]) => name === named)?.[0] ?? 0),
    ...{ judgedOn, observed, regions, damage: areas },
    intensity:
      house === undefined || house.intensity === null ? [] : [{ region: house.region, intensity: house.intensity }],
    animalDisease: (animalDisease?.reported ?? []).map(({ region: where, product, deadHeads, culledHeads }) =>
      create(AreaAnimalsSchema, { region: where, product: codeOf(product), deadHeads, culledHeads }),
    ),
    ...(priceFall && {
      priceFall: {
        product: codeOf(priceFall.product),
        market: '全国',
        referenceFenPerKg: BigInt(priceFall.referenceFenPerKg),
        latestFenPerKg: BigInt(priceFall.latestFenPerKg),
        fromDay: priceFall.from,
        latestDay: priceFall.to,
      },
    }),
    ...(unsoldStock && {
      unsoldStock: create(UnsoldStockSchema, {
        products: unsoldStock.map(({ product, quantityKg, offeredFenPerKg }) => ({
          product: codeOf(product),
          quantityKg: BigInt(quantityKg),
          offeredFenPerKg: BigInt(offeredFenPerKg),
        })),
      }),
    }),
    ...(layOff && {
      layOff: create(LayOffSchema, {
        employer: layOff.employer ?? '',
        branches: layOff.branches.map(codeOf),
        persons: layOff.persons ?? 0,
      }),
    }),
    ...(water && {
      waterCut: create(WaterCutSchema, { days: water.stated ? water.days : 0, schemes: [...water.schemes] }),
    }),
  });
  const standing = reported
    ? HOUSE_GRADES.map((grade) => reported.housesByGrade[grade])
    : layOff
      ? [layOff.workers ?? 0]
      : (unsoldStock ?? animalDisease?.reported ?? damage).map((one) => one.standing ?? 0);
  return { facts: shockFacts(told, cause), standing };
}

describe.each(Object.keys(shocks) as ShockCause[])('an alert for the cause %s', (cause) => {
  const anyone = fc.tuple(shocks[cause], householdOf(cause));

  it('comes out the same computed again from the row, and from the explanation alone', () => {
    let alerted = 0;
    fc.assert(
      fc.property(anyone, ([shock, household]) => {
        const result = explained(cause, shock, household);
        if (result === undefined) return;
        alerted += 1;
        const { alert, explanation } = result;
        expect(explanation.recomputed).toBe(true);
        const inputs = JSON.parse(JSON.stringify(explanation.inputs)) as ExplanationInputs;
        const { facts, standing } = shockFrom(inputs);
        const again = compileLossModel(facts, standing, policy, inputs.township.region).assess(householdFrom(inputs));
        expect(again).toMatchObject({
          severity: alert.severity,
          reasons: alert.reasons,
          projectedFen: alert.projectedFen,
          loss: { low: alert.lossLowFen, middle: alert.lossFen, high: alert.lossHighFen },
        });
      }),
      { numRuns: 300 },
    );
    expect(alerted).toBeGreaterThan(20);
  });

  it('names every policy record it rests on with its value: with those alone it comes out the same', () => {
    fc.assert(
      fc.property(anyone, ([shock, household]) => {
        const result = explained(cause, shock, household);
        if (result === undefined) return;
        const { records } = result.explanation.policy;
        for (const { recordId, value } of records) expect(value).toEqual(policy.describe(recordId)?.value);
        const named = new Set(records.map(({ recordId }) => recordId));
        const kept = new PolicySet(
          'named',
          policy.records.filter((record) => named.has(recordIdOf(record))),
        );
        expect(explain(result.alert, result.fanOut, kept).recomputed).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('is told in one Chinese paragraph without holes', () => {
    fc.assert(
      fc.property(anyone, ([shock, household]) => {
        const text = explained(cause, shock, household)?.explanation.text;
        if (text === undefined) return;
        expect(text).not.toMatch(/undefined|NaN|null|Infinity|\n/);
        expect(text).toMatch(/元.+只是线索，不是认定结果。$/);
      }),
    );
  });

  it('gives the reason of its level, and the figures where an income was only assumed', () => {
    fc.assert(
      fc.property(anyone, ([shock, household]) => {
        const result = explained(cause, shock, household);
        if (result?.withheld !== false) return;
        const { text, steps } = result.explanation;
        expect(text).toMatch(
          /比监测线.+低|收入一下子少了很多|离监测线不远|必须花的钱太多|不看收入多少|还没有掌握|级别按这次的影响来定/,
        );
        if (household.perCapitaFen !== null) return;
        expect(text).toMatch(/按这个数算.+监测线/);
        expect(steps.some(({ values }) => 'assumedLeftFen' in values)).toBe(true);
      }),
    );
  });

  it('is a cause that policy knows', () => {
    fc.assert(
      fc.property(shocks[cause], (shock) => {
        const houses = shock.damage.every(
          ({ housesCollapsed, housesDamaged }) => housesCollapsed + housesDamaged === 0,
        );
        if (cause === 'dwelling' && shock.damage.length > 0 && houses) return;
        expect(causesOf(shockFacts(shock), policy)).toContain(cause);
      }),
      { numRuns: 30 },
    );
  });
});
