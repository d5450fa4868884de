import { describe, expect, it } from '@jest/globals';
import { findingKinds, findProductByKey, findShockKind, products, shockKinds } from '@fangpin/contracts';
import { parseRegionCode } from '@fangpin/domain-kit';
import { isListed } from '@fangpin/regions';
import { loadPolicy } from './index.js';
import { namesIn } from './known-names.js';

const policy = loadPolicy();
const yunnan = parseRegionCode('53');
const day = '2026-07-18';

describe('the policy data', () => {
  it('keeps the lines of past years as they were: what was wrong is corrected by a record of its own', () => {
    const lines = policy.records.filter(({ key, recorded }) => key === 'monitoring-line' && recorded === undefined);
    expect(lines.map(({ region, from, to, value }) => [region, from, to, value])).toEqual(
      expect.arrayContaining([
        ['52', '2021-01-01', '2021-12-31', { fen: 600_000 }],
        ['53', '2020-01-01', '2020-12-31', { fen: 600_000 }],
        ['53', '2023-01-01', '2023-12-31', { fen: 805_000 }],
        ['53', '2024-01-01', '2024-12-31', { fen: 870_000 }],
        ['53', '2025-01-01', '2025-12-31', { fen: 870_000 }],
      ]),
    );
  });

  it('names products and kinds of shocks as the contracts do', () => {
    const subjects = (
      key:
        | 'crop-loss'
        | 'animal-price'
        | 'price-fall'
        | 'lane'
        | 'hazard-loss'
        | 'dwelling-hazard'
        | 'notice-expiry-hours',
    ) => [...policy.table(key, yunnan, day).keys()].filter((subject) => subject !== 'other');
    for (const key of ['crop-loss', 'animal-price', 'price-fall'] as const)
      expect(subjects(key).filter((subject) => findProductByKey(subject) === undefined)).toEqual([]);
    for (const key of ['lane', 'hazard-loss', 'dwelling-hazard', 'notice-expiry-hours'] as const)
      expect(subjects(key).filter((subject) => findShockKind(subject) === undefined)).toEqual([]);
  });

  it('names places of the tree of divisions alone', () => {
    expect(loadPolicy({ isPlace: isListed }).version).toBe(policy.version);
  });

  it('names hazards within its values as the contracts do, and every one of nature that can hurt', () => {
    const hazards = [...(namesIn(policy.records).get('hazard') ?? [])];
    expect(hazards.filter((name) => findShockKind(name) === undefined)).toEqual([]);
    const natural = shockKinds.filter(({ family }) => family === 'nature').map(({ kind }) => kind);
    expect(natural.filter((kind) => !hazards.includes(kind))).toEqual(['fog', 'haze']);
    const findings = [...(namesIn(policy.records).get('finding') ?? [])];
    expect(findings.sort()).toEqual(findingKinds.map(({ key }) => key).sort());
  });

  it('finds forecasts of a shock among kinds of shocks only, and values every branch of work', () => {
    for (const [subject, { value }] of policy.table('forecast-match', yunnan, day))
      for (const kind of [subject, ...value.kinds]) expect(findShockKind(kind)?.family).toBe('nature');
    for (const { key } of products.filter(({ kind }) => kind === 'job'))
      expect(policy.get('wage-loss', yunnan, day, key).value.weeksWithoutWork.high).toBeLessThanOrEqual(52);
  });

  it('values every crop and animal that a household can have', () => {
    for (const { key, kind } of products) {
      if (kind === 'crop') expect(() => policy.get('crop-loss', yunnan, day, key)).not.toThrow();
      if (kind === 'animal') expect(() => policy.get('animal-price', yunnan, day, key)).not.toThrow();
    }
  });

  it('knows the animals of every disease, what each is worth and what is paid for one killed by order', () => {
    const diseases = policy.table('animal-disease', yunnan, day);
    const health = shockKinds.filter(({ family }) => family === 'health').map(({ kind }) => kind);
    expect([...diseases.keys()].sort()).toEqual(health.sort());
    for (const [, { value }] of diseases)
      for (const key of value.animals) {
        expect(findProductByKey(key)?.kind).toBe('animal');
        expect(policy.get('culling-compensation', yunnan, day, key).value.fenPerHead).toBeGreaterThan(0);
      }
    expect(policy.get('culling-compensation', yunnan, day, 'pig').value.fenPerHeadOf).toEqual({
      'african-swine-fever': 120_000,
    });
  });

  it('calls harm worse as the level rises', () => {
    for (const [, { value }] of policy.table('hazard-loss', yunnan, day)) {
      const middles = [value.blue, value.yellow, value.orange, value.red].map(({ middle }) => middle);
      expect(middles).toEqual([...middles].sort((a, b) => a - b));
    }
    const { hit, damaged, lost } = policy.get('damage-share', yunnan, day).value;
    expect([hit.low, damaged.low, lost.low]).toEqual([0.1, 0.3, 0.8]);
  });

  it('calls harm to houses worse as intensity and level rise, from the first degree that damages houses', () => {
    const quake = [6, 7, 8, 9, 10, 11, 12].map(
      (degree) => policy.get('dwelling-quake', yunnan, day, `intensity-${degree}`).value,
    );
    const rising = (values: readonly number[]): void => expect(values).toEqual([...values].sort((a, b) => a - b));
    for (const step of ['low', 'middle', 'high'] as const) rising(quake.map(({ repair }) => repair[step]));
    rising(quake.map(({ unsafe }) => unsafe));
    expect(() => policy.get('dwelling-quake', yunnan, day, 'intensity-5')).toThrow('no policy value');
    for (const [, { value }] of policy.table('dwelling-hazard', yunnan, day)) {
      const levels = [value.blue, value.yellow, value.orange, value.red];
      rising(levels.map(({ repair }) => repair.middle));
      rising(levels.map(({ unsafe }) => unsafe));
    }
    const { A, B, C, D } = policy.get('dwelling-grade', yunnan, day).value.factor;
    rising([A, B, C, D]);
    const { shareFrom, remainderRatioBelow } = policy.get('spending-bands', yunnan, day).value;
    rising([shareFrom.blue, shareFrom.yellow, shareFrom.orange, shareFrom.red]);
    rising([remainderRatioBelow.red, remainderRatioBelow.orange, remainderRatioBelow.yellow, remainderRatioBelow.blue]);
    const { unsafeDwellingFrom: unsafe, waterGoneFromDays: water } = policy.get('no-income-bands', yunnan, day).value;
    for (const bands of [unsafe, water]) rising([bands.blue, bands.yellow, bands.orange, bands.red]);
  });

  it('has severity bands in the order of the colours, red under the line', () => {
    const { incomeRatioBelow: ratio, lossShareFrom: loss } = policy.get('severity-bands', yunnan, day).value;
    expect(ratio.red).toBe(1);
    expect(ratio.blue > ratio.yellow && ratio.yellow > ratio.orange && ratio.orange > ratio.red).toBe(true);
    expect(loss.blue < loss.yellow && loss.yellow < loss.orange && loss.orange < loss.red).toBe(true);
  });

  it('marks every clock outside its own jurisdiction as assumed', () => {
    expect(policy.get('clocks', yunnan, day, 'first-visit')).toMatchObject({
      value: { days: 2, kind: 'working' },
      assumed: true,
    });
  });

  it('ends a price shock at a shallower fall than it opens at', () => {
    for (const [, { value }] of policy.table('price-fall', yunnan, day)) {
      expect(value.endFallShare).toBeLessThan(value.markFallShare);
      expect(value.levelFromFallShare.blue).toBeLessThanOrEqual(value.markFallShare);
    }
  });
});
