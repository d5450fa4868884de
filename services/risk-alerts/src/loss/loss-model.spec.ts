import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { alertReasons, AreaDamageSchema, LayOffSchema } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { loadPolicy, PolicySet, type PolicyKey, type PolicyRecord } from '@fangpin/policy';
import { befalling, growers, hailing, MAIZE, PLACE, TOWNSHIP } from '../../test/support/losses.js';
import { FACT_BITS, householdFacts, type AssessedHousehold } from './household.js';
import { causesOf, compileLossModel, productsAtRisk, type LossModel } from './loss-model.js';
import type { ShockFacts } from './shock-facts.js';

const policy = loadPolicy();
const PIG = 100;

const pigFall = (referenceFenPerKg: bigint, latestFenPerKg: bigint): ShockFacts =>
  befalling({
    kind: 'price-fall',
    regions: ['00'],
    priceFall: {
      $typeName: 'fangpin.shocks.v1.PriceFall',
      product: PIG,
      market: '全国',
      referenceFenPerKg,
      latestFenPerKg,
      fromDay: '2021-04-18',
      latestDay: '2021-10-10',
      signals: [],
    },
    judgedOn: '2021-10-10',
  });

function report(hitMu: number, damagedMu: number, lostMu: number): ShockFacts {
  return befalling({
    kind: 'flood',
    level: 4,
    damage: [
      create(AreaDamageSchema, {
        region: '532327101',
        cropHitCentimu: BigInt(hitMu * 100),
        cropDamagedCentimu: BigInt(damagedMu * 100),
        cropLostCentimu: BigInt(lostMu * 100),
      }),
    ],
  });
}

describe('the loss of a crop', () => {
  it('is what stands in the field in July, and nothing of what is not there', () => {
    const model = compileLossModel(hailing(), [], policy, TOWNSHIP);
    expect(model.loss(growers()).middle).toBeGreaterThan(0);
    const january = compileLossModel(hailing({ judgedOn: '2026-01-18' }), [], policy, TOWNSHIP);
    expect(january.assess(growers())).toBeUndefined();
    expect(productsAtRisk(hailing({ judgedOn: '2026-01-18' }), policy)).not.toContain(MAIZE);
  });

  it('leaves land outside the shock untouched, wherever the household lives', () => {
    const model = compileLossModel(hailing({ regions: ['532327102'] }), [], policy, TOWNSHIP);
    expect(model.assess(growers())).toBeUndefined();
    const there = growers({ livelihoods: [{ product: MAIZE, quantity: 500, place: 532327102201000 }] });
    expect(model.assess(there)?.loss.middle).toBeGreaterThan(0);
  });

  it('follows the reported areas: a household bears the average, and at worst a field wholly hit', () => {
    const half = compileLossModel(report(500, 500, 500), [100_000], policy, TOWNSHIP).loss(growers());
    const all = compileLossModel(report(1_000, 1_000, 1_000), [100_000], policy, TOWNSHIP).loss(growers());
    expect(half.middle).toBeLessThan(all.middle);
    expect(half.middle / all.middle).toBeCloseTo(0.5, 2);
    expect(half.high).toBe(all.high);
  });

  it('takes what a report says of the nearest area around the field, and of its crop before all crops', () => {
    const RICE = 1;
    const area = (region: string, hitMu: number, crops: number[] = []) =>
      create(AreaDamageSchema, { region, cropHitCentimu: BigInt(hitMu * 100), products: crops });
    const county = area('532327', 1_000);
    const township = area('532327101', 10);
    const middle = (damage: (typeof county)[], product = MAIZE): number =>
      compileLossModel(
        befalling({ kind: 'flood', level: 4, damage }),
        damage.map(() => 200_000),
        policy,
        TOWNSHIP,
      ).loss(growers({ livelihoods: [{ product, quantity: 500, place: PLACE }] })).middle;
    const near = middle([township]);
    expect(near).toBeLessThan(middle([county]));
    expect([middle([county, township]), middle([township, county])]).toEqual([near, near]);
    const rice = area('532327', 10, [RICE]);
    const ofRice = middle([rice], RICE);
    expect([middle([county, rice], RICE), middle([rice, county], RICE)]).toEqual([ofRice, ofRice]);
    expect(middle([rice, county])).toBe(middle([county]));
    // An area of which only houses are told hides no fields.
    const houses = create(AreaDamageSchema, { region: '532327101', housesDamaged: 3 });
    expect(middle([houses, county])).toBe(middle([county]));
  });

  it('is worse where more of the hit area is lost', () => {
    const hit = compileLossModel(report(500, 0, 0), [100_000], policy, TOWNSHIP).loss(growers());
    const damaged = compileLossModel(report(500, 500, 0), [100_000], policy, TOWNSHIP).loss(growers());
    const lost = compileLossModel(report(500, 500, 500), [100_000], policy, TOWNSHIP).loss(growers());
    expect(hit.middle).toBeLessThan(damaged.middle);
    expect(damaged.middle).toBeLessThan(lost.middle);
  });
});

describe('a shock over places with policies of their own', () => {
  const ofYuanmou = (key: PolicyKey, subject: string, change: object = {}): PolicyRecord => {
    const base = policy.records.find((record) => record.key === key && record.subject === subject);
    if (base === undefined) throw new Error(`no ${key} of ${subject}`);
    return { ...base, region: '532328' as RegionCode, value: { ...(base.value as object), ...change } };
  };
  const winterMaize = new PolicySet('winter-maize', [
    ...policy.records,
    ofYuanmou('crop-loss', 'maize', { atStakeByMonth: Array<number>(12).fill(1) }),
  ]);
  const inJanuary = (...regions: string[]): ShockFacts => hailing({ regions, judgedOn: '2026-01-18' });

  it('looks for the crops that stand in the field in any of them', () => {
    expect(productsAtRisk(inJanuary('532327'), winterMaize)).not.toContain(MAIZE);
    for (const regions of [['532328'], ['532328104'], ['532327', '532328'], ['53'], ['00']])
      expect(productsAtRisk(inJanuary(...regions), winterMaize)).toContain(MAIZE);
  });

  it('looks for the animals that a disease takes in any of them', () => {
    const jumped = new PolicySet('jumped', [
      ...policy.records,
      ofYuanmou('animal-disease', 'bird-flu', { animals: ['poultry', 'pig'] }),
    ]);
    const birdFlu = (...regions: string[]): ShockFacts => befalling({ kind: 'bird-flu', regions });
    expect(productsAtRisk(birdFlu('532327'), jumped)).toEqual([103]);
    expect(productsAtRisk(birdFlu('532327', '532328'), jumped)).toEqual([103, PIG]);
  });

  it('is a cause where one of them has a record of the hazard', () => {
    const foggy = new PolicySet('foggy', [...policy.records, { ...ofYuanmou('hazard-loss', 'hail'), subject: 'fog' }]);
    const fog = (...regions: string[]): ShockFacts => befalling({ kind: 'fog', level: 4, regions });
    expect(causesOf(fog('532327'), foggy)).toEqual([]);
    expect(causesOf(fog('532327', '532328'), foggy)).toEqual(['crop-disaster']);
    expect(causesOf(fog('5323'), foggy)).toEqual(['crop-disaster']);
  });
});

describe('the loss of who is let go', () => {
  const DONGGUAN = 441_900_000_000_000;
  const CONSTRUCTION = 200;
  const MANUFACTURING = 201;
  const worker = (product: number, wageFenPerWorker: number | null, quantity = 1): AssessedHousehold =>
    growers({ livelihoods: [{ product, quantity, place: DONGGUAN }], wageFenPerWorker });
  const layOff = (regions: string[], facts: MessageInitShape<typeof LayOffSchema> = {}): LossModel => {
    const told = befalling({ kind: 'lay-off', regions, layOff: create(LayOffSchema, facts) });
    expect(causesOf(told, policy)).toEqual(['job-loss']);
    return compileLossModel(told, [], policy, TOWNSHIP);
  };

  it('is the wages of some weeks, of each one who worked there', () => {
    const model = layOff(['4419']);
    const one = model.loss(worker(MANUFACTURING, 5_200_000));
    expect(one).toEqual({ low: 400_000, middle: 1_000_000, high: 2_600_000 });
    expect(model.loss(worker(MANUFACTURING, 5_200_000, 2)).middle).toBe(2 * one.middle);
    expect(model.loss(worker(MANUFACTURING, 2_600_000)).middle).toBe(one.middle / 2);
    expect(model.loss(worker(MANUFACTURING, null)).middle).toBeGreaterThan(0);
  });

  it('is where the work was, and of the branches named', () => {
    expect(layOff(['44']).loss(worker(MANUFACTURING, 5_200_000)).middle).toBeGreaterThan(0);
    expect(layOff(['532327']).assess(worker(MANUFACTURING, 5_200_000))).toBeUndefined();
    const sites = layOff(['4419'], { branches: [CONSTRUCTION] });
    expect(sites.assess(worker(MANUFACTURING, 5_200_000))).toBeUndefined();
    expect(sites.assess(worker(CONSTRUCTION, 5_200_000))).toBeDefined();
    expect(sites.assess(growers())).toBeUndefined();
  });

  it('never exceeds the wages of the year, and grows with them', () => {
    const wages = fc.integer({ min: 1, max: 20_000_000 });
    fc.assert(
      fc.property(wages, fc.integer({ min: 1, max: 5 }), (wage, persons) => {
        const { low, middle, high } = layOff(['4419']).loss(worker(MANUFACTURING, wage, persons));
        return low <= middle && middle <= high && high <= wage * persons;
      }),
    );
  });
});

describe('the loss of who finds no buyer', () => {
  const VEGETABLES = 5;
  const unsold = (product: number, offeredFenPerKg: bigint, regions = ['532327']): LossModel => {
    const stock = { product, quantityKg: 100_000n, offeredFenPerKg };
    return compileLossModel(
      befalling({ kind: 'unsold-stock', regions, unsoldStock: { products: [stock] } }),
      [],
      policy,
      TOWNSHIP,
    );
  };
  const grower = growers({ livelihoods: [{ product: VEGETABLES, quantity: 500, place: PLACE }] });

  it('is less where something is offered, and nothing at the usual price', () => {
    const nothing = unsold(VEGETABLES, 0n).loss(grower);
    expect(nothing.low).toBeLessThan(nothing.middle);
    expect(unsold(VEGETABLES, 150n).loss(grower).middle).toBeLessThan(nothing.middle);
    expect(unsold(VEGETABLES, 200n).assess(grower)).toBeUndefined();
  });

  it('touches the growers and keepers of the area alone', () => {
    expect(unsold(VEGETABLES, 0n).assess(growers())).toBeUndefined();
    expect(unsold(VEGETABLES, 0n, ['532326']).assess(grower)).toBeUndefined();
    const keeper = growers({ livelihoods: [{ product: PIG, quantity: 6, place: PLACE }] });
    expect(unsold(PIG, 0n).loss(keeper).middle).toBeGreaterThan(0);
  });
});

describe('the loss of who keeps pigs', () => {
  it('grows with the fall, and a rise takes nothing', () => {
    const keeper = growers({ livelihoods: [{ product: PIG, quantity: 6, place: PLACE }] });
    const small = compileLossModel(pigFall(3_246n, 2_500n), [], policy, TOWNSHIP).loss(keeper);
    const large = compileLossModel(pigFall(3_246n, 1_093n), [], policy, TOWNSHIP).loss(keeper);
    expect(large.middle).toBeGreaterThan(small.middle);
    expect(compileLossModel(pigFall(1_500n, 2_000n), [], policy, TOWNSHIP).assess(keeper)).toBeUndefined();
  });

  it('does not touch who grows maize only', () => {
    expect(compileLossModel(pigFall(3_246n, 1_093n), [], policy, TOWNSHIP).assess(growers())).toBeUndefined();
    expect(causesOf(pigFall(3_246n, 1_093n), policy)).toEqual(['price-fall']);
  });
});

describe('the loss of who grows what has become cheap', () => {
  const VEGETABLES = 5;
  const fallOf = (product: number, latestFenPerKg: bigint): ShockFacts => {
    const fall = pigFall(200n, latestFenPerKg);
    return { ...fall, ...(fall.priceFall && { priceFall: { ...fall.priceFall, product } }) };
  };
  const growerOf = (product: number) =>
    growers({ livelihoods: [{ product, quantity: 500, place: PLACE }], perCapitaFen: 1_000_000 });
  const lossOf = (product: number, latestFenPerKg: bigint) =>
    compileLossModel(fallOf(product, latestFenPerKg), [], policy, TOWNSHIP).loss(growerOf(product));

  it('is the season’s value by the fall, of what is sold', () => {
    // 5 mu; half the price gone.
    const gross = policy.get('crop-loss', TOWNSHIP, '2021-10-10', 'vegetables').value.grossFenPerMu;
    const { soldShare } = policy.get('crop-price', TOWNSHIP, '2021-10-10', 'vegetables').value;
    expect(lossOf(VEGETABLES, 100n)).toEqual({
      low: Math.round(5 * gross.low * soldShare.low * 0.5),
      middle: Math.round(5 * gross.middle * soldShare.middle * 0.5),
      high: Math.round(5 * gross.high * soldShare.high * 0.5),
    });
    expect(causesOf(fallOf(VEGETABLES, 100n), policy)).toEqual(['price-fall']);
  });

  it('leaves out what is eaten or fed at home', () => {
    const share = (product: number, key: string): number =>
      lossOf(product, 100n).middle / policy.get('crop-loss', TOWNSHIP, '2021-10-10', key).value.grossFenPerMu.middle;
    expect(share(MAIZE, 'maize')).toBeLessThan(share(VEGETABLES, 'vegetables'));
  });

  it('touches nobody where the price has risen, nor those who grow something else', () => {
    const rise = compileLossModel(fallOf(VEGETABLES, 300n), [], policy, TOWNSHIP);
    expect(rise.assess(growerOf(VEGETABLES))).toBeUndefined();
    const fall = compileLossModel(fallOf(VEGETABLES, 100n), [], policy, TOWNSHIP);
    expect(fall.assess(growerOf(MAIZE))).toBeUndefined();
  });

  it('is no cause to households where the product is one that nobody raises', () => {
    expect(causesOf(fallOf(999, 100n), policy)).toEqual([]);
  });
});

describe('severity', () => {
  const model = compileLossModel(report(1_000, 1_000, 1_000), [100_000], policy, TOWNSHIP);

  it('is red under the line, and says so', () => {
    const verdict = model.assess(growers({ perCapitaFen: 860_000 }));
    expect(verdict).toMatchObject({ severity: 4 });
    expect((verdict?.reasons ?? 0) & alertReasons.incomeBelowLine.bit).not.toBe(0);
  });

  it('holds back a household whose income stays far above the line, with the reason', () => {
    expect(model.assess(growers({ perCapitaFen: 5_000_000 }))?.withheld).toBe('income-well-above-line');
  });

  it('holds back a loss too small to matter, even of a poor household', () => {
    const tiny = growers({ perCapitaFen: 100_000, livelihoods: [{ product: MAIZE, quantity: 1, place: PLACE }] });
    expect(model.assess(tiny)?.withheld).toBe('immaterial');
  });

  it('looks at a weak household one level earlier', () => {
    const strong = model.assess(growers({ perCapitaFen: 1_100_000 }))?.severity ?? 0;
    const facts = householdFacts({ labourers: 0, severelyDisabled: 0, monitoring: 1, dwelling: 1, onlyDwelling: true });
    expect(model.assess(growers({ perCapitaFen: 1_100_000, facts }))?.severity).toBe(Math.min(4, strong + 1));
  });

  it('neither ignores nor condemns a household whose income is unknown', () => {
    const verdict = model.assess(growers({ perCapitaFen: null }));
    expect(verdict).toMatchObject({ projectedFen: null, severity: 2 });
    expect(verdict?.withheld).toBeUndefined();
    expect((verdict?.reasons ?? 0) & alertReasons.incomeUnknown.bit).not.toBe(0);
  });

  it('weighs what a household lost whose income is unknown, without saying anything of its income', () => {
    const all = growers({ perCapitaFen: null, livelihoods: [{ product: MAIZE, quantity: 5_000, place: PLACE }] });
    const verdict = model.assess(all);
    expect(verdict).toMatchObject({ projectedFen: null, severity: 4 });
    expect((verdict?.reasons ?? 0) & ~FACT_BITS).toBe(alertReasons.incomeUnknown.bit);
  });

  it('calls a bill hard that a household of unknown income cannot have at hand, and names the sum it assumed', () => {
    const ill = model.assess(growers({ perCapitaFen: null, spendingFen: 8_000_000 }));
    expect(ill).toMatchObject({ projectedFen: null, severity: 4, assumedFen: expect.any(Number) });
    expect((ill?.reasons ?? 0) & ~FACT_BITS).toBe(alertReasons.incomeUnknown.bit | alertReasons.hardSpending.bit);
  });

  it('leaves it at the level of what is not known under a policy version without an assumed income', () => {
    const before = new PolicySet(
      'before',
      policy.records.filter(({ key }) => key !== 'income-unknown'),
    );
    const then = compileLossModel(report(1_000, 1_000, 1_000), [100_000], before, TOWNSHIP);
    expect(then.assess(growers({ perCapitaFen: null, spendingFen: 8_000_000 }))).toMatchObject({ severity: 2 });
  });
});

const anyHousehold = fc.record({
  persons: fc.integer({ min: 1, max: 12 }),
  perCapitaFen: fc.option(fc.integer({ min: -500_000, max: 6_000_000 })),
  facts: fc.constantFrom(0, 8, 16, 32, 128, 8 | 16),
  livelihoods: fc.array(
    fc.record({
      product: fc.constantFrom(1, 2, 4, 5, 6, 100),
      quantity: fc.integer({ min: 1, max: 5_000 }),
      place: fc.constantFrom(PLACE, PLACE + 1_000, 532327102201000, 532622101201000),
    }),
    { maxLength: 5 },
  ),
});
const anyShock = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((level) => ({ facts: hailing({ level }), standing: [] as number[] })),
  fc.integer({ min: 1, max: 2_000 }).map((mu) => ({ facts: report(mu, mu / 2, mu / 4), standing: [100_000] })),
  fc
    .integer({ min: 500, max: 3_000 })
    .map((fen) => ({ facts: pigFall(3_246n, BigInt(fen)), standing: [] as number[] })),
);

describe('every verdict', () => {
  it('has low ≤ middle ≤ high, a severity in its ladder, and comes out the same when computed again', () => {
    fc.assert(
      fc.property(anyHousehold, anyShock, (someone, { facts, standing }) => {
        const verdict = compileLossModel(facts, standing, policy, TOWNSHIP).assess(someone);
        if (verdict === undefined) return;
        expect(verdict.loss.low).toBeLessThanOrEqual(verdict.loss.middle);
        expect(verdict.loss.middle).toBeLessThanOrEqual(verdict.loss.high);
        expect(verdict.severity).toBeGreaterThanOrEqual(0);
        expect(verdict.severity).toBeLessThanOrEqual(4);
        if (verdict.withheld === undefined) expect(verdict.severity).toBeGreaterThan(0);
        expect(compileLossModel(facts, standing, policy, TOWNSHIP).assess(someone)).toEqual(verdict);
      }),
    );
  });

  it('never grows milder when the same household earns less', () => {
    fc.assert(
      fc.property(
        anyHousehold,
        anyShock,
        fc.integer({ min: 1, max: 500_000 }),
        (someone, { facts, standing }, less) => {
          if (someone.perCapitaFen === null || someone.perCapitaFen - less <= 0) return;
          const model = compileLossModel(facts, standing, policy, TOWNSHIP);
          const richer = model.assess(someone)?.severity ?? 0;
          const poorer = model.assess({ ...someone, perCapitaFen: someone.perCapitaFen - less })?.severity ?? 0;
          expect(poorer).toBeGreaterThanOrEqual(richer);
        },
      ),
    );
  });
});
