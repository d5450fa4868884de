import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { AreaAnimalsSchema, type AreaAnimals } from '@fangpin/contracts';
import { loadPolicy, PolicySet } from '@fangpin/policy';
import fc from 'fast-check';
import { befalling, growers, TOWNSHIP } from '../../test/support/losses.js';
import { lossByDisease, lossByReportedHeads, type HeadAtRisk } from './animal-disease.rule.js';
import { causesOf, compileLossModel, productsAtRisk } from './loss-model.js';

const policy = loadPolicy();
const PIG = 100;
const YONGDING = 532327101201000;
const YIJIU = 532327102201000;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const rising = fc
  .tuple(share, share, share)
  .map((shares) => shares.sort((a, b) => a - b))
  .map(([low = 0, middle = 0, high = 0]) => ({ low, middle, high }));
const head: fc.Arbitrary<HeadAtRisk> = fc
  .tuple(rising, fc.integer({ min: 0, max: 400_000 }), rising)
  .map(([{ low, middle, high }, compensationFen, paidShare]) => ({
    value: { low: low * 1e6, middle: middle * 1e6, high: high * 1e6 },
    compensationFen,
    paidShare,
  }));
const heads = fc.integer({ min: 0, max: 5_000 });

describe('the loss by an animal disease', () => {
  it('is a range between nothing and the value of the head, whatever is paid', () => {
    fc.assert(
      fc.property(
        head,
        rising,
        rising,
        rising,
        heads,
        heads,
        heads,
        (one, infected, dies, culled, dead, killed, stood) => {
          const disease = {
            animals: ['pig'],
            infectedShare: infected,
            diesShare: dies,
            culledShare: culled,
            grownShare: infected,
          };
          const losses = [
            lossByDisease(one, disease),
            lossByReportedHeads(one, { deadHeads: dead, culledHeads: killed, standing: stood }),
          ];
          for (const { low, middle, high } of losses) {
            expect(low).toBeGreaterThanOrEqual(0);
            expect(middle).toBeGreaterThanOrEqual(low - 1e-6);
            expect(high).toBeGreaterThanOrEqual(middle - 1e-6);
            expect(high).toBeLessThanOrEqual(one.value.high + 1e-6);
          }
        },
      ),
    );
  });

  it('spread over the heads that stood adds up to the value of those reported', () => {
    const one = {
      value: { low: 1, middle: 150_000, high: 200_000 },
      compensationFen: 0,
      paidShare: { low: 0, middle: 0, high: 0 },
    };
    const { middle } = lossByReportedHeads(one, { deadHeads: 30, culledHeads: 120, standing: 600 });
    expect(middle * 600).toBeCloseTo(150 * 150_000);
  });

  it('is less by what is paid for a head killed by order, and not for a dead one', () => {
    const one = {
      value: { low: 9e4, middle: 9e4, high: 9e4 },
      compensationFen: 80_000,
      paidShare: { low: 0, middle: 1, high: 1 },
    };
    expect(lossByReportedHeads(one, { deadHeads: 0, culledHeads: 10, standing: 10 })).toEqual({
      low: 1e4,
      middle: 1e4,
      high: 9e4,
    });
    expect(lossByReportedHeads(one, { deadHeads: 10, culledHeads: 0, standing: 10 }).middle).toBe(9e4);
  });
});

describe('an animal disease as a shock', () => {
  const outbreak = (kind: string, animals: readonly AreaAnimals[] = []) =>
    befalling({ kind, animalDisease: [...animals] });
  const keeper = (product: number, place: number) =>
    growers({ perCapitaFen: 850_000, livelihoods: [{ product, quantity: 6, place }] });
  const lossOf = (facts: ReturnType<typeof outbreak>, product: number, place: number, standing: number[] = []) =>
    compileLossModel(facts, standing, policy, TOWNSHIP).loss(keeper(product, place));

  it('takes the animals that the disease takes, and is one cause', () => {
    const fever = outbreak('african-swine-fever');
    expect(causesOf(fever, policy)).toEqual(['animal-disease']);
    expect(productsAtRisk(fever, policy)).toEqual([PIG]);
    expect(productsAtRisk(outbreak('foot-and-mouth'), policy)).toEqual([PIG, 101, 102]);
    expect(lossOf(fever, PIG, YONGDING).middle).toBeGreaterThan(0);
    expect(lossOf(fever, 103, YONGDING).high).toBe(0);
  });

  it('takes only from the areas of its report, once there is one', () => {
    const animals = [create(AreaAnimalsSchema, { region: '532327101', product: PIG, deadHeads: 30, culledHeads: 120 })];
    const fever = outbreak('african-swine-fever', animals);
    // 120 kg × 0.6 × 16 yuan a head, 5 % dead and 20 % culled of 600, 1200 yuan paid of which nine tenths come.
    expect(lossOf(fever, PIG, YONGDING, [600]).middle).toBe(6 * (0.05 * 115_200 + 0.2 * (115_200 - 108_000)));
    expect(lossOf(fever, PIG, YIJIU, [600]).high).toBe(0);
  });

  it('takes what a report says of the nearest area around the pen, however the report is ordered', () => {
    const county = create(AreaAnimalsSchema, { region: '532327', product: PIG, deadHeads: 500 });
    const township = create(AreaAnimalsSchema, { region: '532327101', product: PIG, deadHeads: 3 });
    const middle = (...animals: AreaAnimals[]): number =>
      lossOf(
        outbreak('african-swine-fever', animals),
        PIG,
        YONGDING,
        animals.map(() => 600),
      ).middle;
    expect([middle(county, township), middle(township, county)]).toEqual([middle(township), middle(township)]);
    expect(middle(county)).toBeGreaterThan(middle(township));
  });

  it('is nothing under a version of the policy from before the model', () => {
    const before = policy.records.filter(({ key }) => key !== 'animal-disease' && key !== 'culling-compensation');
    const old = new PolicySet('before', before);
    expect(causesOf(outbreak('african-swine-fever'), old)).toEqual([]);
    const animals = [create(AreaAnimalsSchema, { region: '532327101', product: PIG, deadHeads: 30 })];
    const model = compileLossModel(outbreak('african-swine-fever', animals), [600], old, TOWNSHIP);
    expect(model.assess(keeper(PIG, YONGDING))).toBeUndefined();
  });
});
