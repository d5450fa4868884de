import { parseRegionCode } from '@fangpin/domain-kit';
import { create } from '@bufbuild/protobuf';
import { AreaAnimalsSchema, findProduct, type Shock } from '@fangpin/contracts';
import { loadPolicy } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hail, pigPriceFall, unsoldVegetables } from '../../test/support/world.js';
import { flatInputs } from '../fan-out/alert-rows.js';
import { causesOf, compileLossModel, productsAtRisk } from '../loss/loss-model.js';
import { shockFacts } from '../loss/shock-facts.js';
import { thingsOf } from './take-apart.js';
import { worthPerUnit } from './worth-of-thing.js';

const policy = loadPolicy();
const TOWNSHIP = parseRegionCode('532327101');
const PLACE = 532_327_101_201_000;
const STEPS = ['low', 'middle', 'high'] as const;

const spec = { id: '7d444840-9dc0-41d1-b245-5ffdce74fad2', policyVersion: policy.version };
const swineFever = (deadHeads: number): Shock => {
  const shock = hail({ ...spec, kind: 'african-swine-fever' });
  shock.animalDisease = [create(AreaAnimalsSchema, { region: TOWNSHIP, product: 100, deadHeads })];
  return shock;
};
const shocks = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((level) => hail({ ...spec, level })),
  fc
    .tuple(fc.integer({ min: 500, max: 4_000 }), fc.nat(4_000))
    .map(([reference, latest]) => pigPriceFall(spec, reference, latest)),
  fc.nat(400).map((offered) => unsoldVegetables(spec, offered)),
  fc.nat(60).map(swineFever),
);

describe('an alert taken apart', () => {
  it('takes of no field and no pen more than it is worth, and of all of them what it says', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(shocks, fc.integer({ min: 1, max: 4_000 }), (shock, quantity) => {
        const [cause] = causesOf(shockFacts(shock), policy);
        if (cause === undefined) return;
        const facts = shockFacts(shock, cause);
        const model = compileLossModel(facts, [60], policy, TOWNSHIP);
        const livelihoods = productsAtRisk(facts, policy).map((product, i) => ({
          ...{ product, quantity: quantity + i, place: PLACE },
        }));
        const household = { persons: 4, perCapitaFen: 900_000, facts: 0, livelihoods };
        const things = thingsOf(
          { ...household, inputs: flatInputs(livelihoods) },
          { model, worthOf: (product) => worthPerUnit(facts, policy, TOWNSHIP, product) },
        );
        const loss = model.loss(household);
        for (const step of STEPS) {
          const sum = things.reduce((all, thing) => all + thing.loss[step], 0);
          expect(Math.abs(sum - loss[step])).toBeLessThanOrEqual(things.length);
          for (const thing of things) {
            expect(thing.loss[step]).toBeLessThanOrEqual(thing.worth[step] + 1e-6);
            if (thing.loss[step] > 0) seen.add(`${cause}/${findProduct(thing.product)?.kind ?? ''}`);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual([
      'animal-disease/animal',
      'crop-disaster/crop',
      'price-fall/animal',
      'unsold-stock/crop',
    ]);
  });
});
