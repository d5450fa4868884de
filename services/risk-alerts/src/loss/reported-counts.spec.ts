/** How much was left over, and how many were let go: what a report of it is a part of (docs/adr/0077). */
import { create } from '@bufbuild/protobuf';
import { LayOffSchema, ShockSchema, UnsoldStockSchema } from '@fangpin/contracts';
import { loadPolicy } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AssessedHousehold } from './household.js';
import { compileLossModel, type LossModel } from './loss-model.js';
import { shockFacts } from './shock-facts.js';

const policy = loadPolicy();
const TOWNSHIP = '532327101';
const MANGO = 9;
const PIG = 100;
const MANUFACTURING = 201;
const PLACE = 532327101201000;

const base = (kind: string) =>
  create(ShockSchema, { shockId: 's', kind, observed: true, regions: ['532327'], judgedOn: '2026-07-18' });
/** `standing`: hundredths of a mu, or heads, of the area. */
const unsold = (product: number, kg: number, standing?: number, offered = 0): LossModel => {
  const shock = base('unsold-stock');
  const stock = { product, quantityKg: BigInt(kg), offeredFenPerKg: BigInt(offered) };
  shock.unsoldStock = create(UnsoldStockSchema, { products: [stock] });
  return compileLossModel(shockFacts(shock), standing === undefined ? [] : [standing], policy, TOWNSHIP as never);
};
const letGo = (persons: number, workers?: number): LossModel => {
  const shock = base('lay-off');
  shock.layOff = create(LayOffSchema, { persons });
  return compileLossModel(shockFacts(shock), workers === undefined ? [] : [workers], policy, TOWNSHIP as never);
};
const who = (product: number, quantity: number): AssessedHousehold => ({
  persons: 4,
  perCapitaFen: 900_000,
  facts: 0,
  livelihoods: [{ product, quantity, place: PLACE }],
  wageFenPerWorker: 4_000_000,
});

describe('stock that finds no buyer', () => {
  // 1,000 mu: 3,000 yuan a mu at 6 yuan a kilogram are 500 kg a mu, half a million in a year.
  const STANDING = 100_000;
  const grower = who(MANGO, 500);

  it('is as much of the harvest of each grower as it is of that of the area', () => {
    const tenth = unsold(MANGO, 50_000, STANDING);
    expect(tenth.reported?.(MANGO)).toEqual({ counted: 50_000, known: 500_000, share: 0.1 });
    // Five mu, 15,000 yuan, a tenth of it unsold, of which six tenths of the value are gone.
    expect(tenth.loss(grower).middle).toBe(90_000);
    expect(unsold(MANGO, 100_000, STANDING).loss(grower).middle).toBe(180_000);
    // More than a year's harvest is no more than all of it.
    expect(unsold(MANGO, 20_000_000, STANDING).loss(grower).middle).toBe(900_000);
  });

  it('alerts nobody for a kilogram', () => {
    expect(unsold(MANGO, 1, STANDING).assess(grower)).toMatchObject({ withheld: 'immaterial' });
    expect(unsold(MANGO, 200_000, STANDING).assess(grower)?.withheld).toBeUndefined();
  });

  it('is weighed by the shares of policy where nothing tells how much a harvest is', () => {
    const usual = unsold(MANGO, 50_000).loss(grower);
    expect(unsold(MANGO, 50_000_000).loss(grower)).toEqual(usual);
    expect(unsold(MANGO, 0, STANDING).loss(grower)).toEqual(usual);
    expect(unsold(MANGO, 50_000).reported?.(MANGO)).toEqual({ counted: 50_000, known: null, share: null });
    // Tea has no usual price.
    expect(unsold(10, 50_000, STANDING).reported?.(10)?.share).toBeNull();
  });

  it('is of the animals sold in a year, too', () => {
    const { known, share } = unsold(PIG, 10_000, 1_000).reported?.(PIG) ?? {};
    expect(known).toBeGreaterThan(10_000);
    expect(share).toBe(10_000 / (known ?? 0));
  });

  it('takes no less where more is left over, and never more than a year is worth', () => {
    const kg = fc.integer({ min: 1, max: 2_000_000 });
    fc.assert(
      fc.property(
        kg,
        kg,
        fc.integer({ min: 0, max: 300_000 }),
        fc.integer({ min: 0, max: 700 }),
        (a, b, all, offered) => {
          const [less, more] = [Math.min(a, b), Math.max(a, b)].map((one) =>
            unsold(MANGO, one, all, offered).loss(grower),
          );
          if (less === undefined || more === undefined) throw new Error('two of them');
          expect(less.low).toBeLessThanOrEqual(more.low);
          expect(less.middle).toBeLessThanOrEqual(more.middle);
          expect(less.high).toBeLessThanOrEqual(more.high);
          for (const { low, middle, high } of [less, more]) {
            expect(low).toBeLessThanOrEqual(middle);
            expect(middle).toBeLessThanOrEqual(high);
            expect(high).toBeLessThanOrEqual(5 * 480_000);
          }
        },
      ),
    );
  });
});

describe('who was let go', () => {
  const worker = who(MANUFACTURING, 1);

  it('is each of those who work there with the same probability, and surely is one at worst', () => {
    const all = letGo(0, 200).loss(worker);
    const few = letGo(20, 200).loss(worker);
    expect(few.middle).toBe(Math.round(all.middle / 10));
    expect(few.high).toBe(all.high);
    expect(letGo(20, 200).reported?.(MANUFACTURING)).toEqual({ counted: 20, known: 200, share: 0.1 });
    expect(letGo(1, 3_000).assess(worker)).toMatchObject({ withheld: 'immaterial' });
  });

  it('is everybody where nobody has counted, where as many are gone as work there, or nothing tells how many do', () => {
    const all = letGo(0).loss(worker);
    for (const model of [letGo(0, 200), letGo(200, 200), letGo(3_000, 200), letGo(5), letGo(5, 0)])
      expect(model.loss(worker)).toEqual(all);
  });

  it('loses no less where more were let go', () => {
    const persons = fc.integer({ min: 1, max: 5_000 });
    fc.assert(
      fc.property(persons, persons, persons, (a, b, workers) => {
        const less = letGo(Math.min(a, b), workers).loss(worker);
        const more = letGo(Math.max(a, b), workers).loss(worker);
        expect(less.middle).toBeLessThanOrEqual(more.middle);
        expect(less.low).toBeLessThanOrEqual(less.middle);
        expect(more.middle).toBeLessThanOrEqual(less.high);
      }),
    );
  });
});
