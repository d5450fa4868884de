import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { AreaDamageSchema, findShockKind, Lane, ShockSchema, type Shock } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { areaAsked, areaKey } from './report-asking.rule.js';

const TOWNSHIP = '532327101';
const VILLAGE = '532327101001';
const policy = loadPolicy();
const rulesOf = (region: RegionCode) => policy.get('report-asks', region, '2026-07-18').value;

function said(
  damage: Readonly<Record<string, object>>,
  given: Partial<Pick<Shock, 'kind' | 'lane' | 'observed'>> = {},
) {
  const areas = Object.entries(damage).map(([region, figures]) => create(AreaDamageSchema, { region, ...figures }));
  return create(ShockSchema, { kind: 'hail', lane: Lane.ALERT, observed: true, damage: areas, ...given });
}

const mu = { cropHitCentimu: 30_000n };
const asked = (shock: Shock): string => areaKey(areaAsked(shock, rulesOf));

describe('a damage report', () => {
  it('asks where its figures are of several villages, of fields or of houses', () => {
    expect(asked(said({ [TOWNSHIP]: mu }))).toBe(TOWNSHIP);
    expect(asked(said({ '53': mu }))).toBe('53');
    expect(asked(said({ '532327': { housesDamaged: 20 } }))).toBe('532327');
  });

  it('asks nobody by figures of a village, by none at all, or by heads', () => {
    expect(asked(said({ [VILLAGE]: mu }))).toBe('');
    expect(asked(said({ [TOWNSHIP]: {} }))).toBe('');
    expect(asked(said({}))).toBe('');
    const sick = said({}, { kind: 'african-swine-fever' });
    sick.animalDisease.push({
      $typeName: 'fangpin.shocks.v1.AreaAnimals',
      region: TOWNSHIP,
      product: 100,
      deadHeads: 9,
      culledHeads: 0,
    });
    expect(asked(sick)).toBe('');
  });

  it('leaves out villages that it names with figures of their own', () => {
    expect(areaAsked(said({ '532327': mu, [VILLAGE]: mu, '532327102': mu }), rulesOf)).toEqual({
      wide: ['532327', '532327102'],
      named: [VILLAGE],
    });
    expect(asked(said({ '532327': mu, [VILLAGE]: mu }))).toBe(`532327 -${VILLAGE}`);
  });

  it('asks nobody of another lane, as a forecast, or of a kind that policy leaves out', () => {
    for (const given of [
      { lane: Lane.NOTICE },
      { lane: Lane.RECORDED },
      { observed: false },
      { kind: 'price-fall' },
      { kind: 'lay-off' },
      { kind: 'water-cut' },
    ])
      expect(asked(said({ [TOWNSHIP]: mu }, given))).toBe('');
  });

  it('is the same area however its regions are ordered', () => {
    expect(asked(said({ '532327102': mu, [TOWNSHIP]: mu }))).toBe(asked(said({ [TOWNSHIP]: mu, '532327102': mu })));
  });
});

it('asks about kinds of shocks of nature only', () => {
  for (const kind of rulesOf(TOWNSHIP as RegionCode).kinds) expect(findShockKind(kind)?.family).toBe('nature');
});
