import { describe, expect, it } from '@jest/globals';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { AreaDamageSchema, ShockSchema } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { rangesOf } from '../exposure/touched.js';
import { compileLossModel } from './loss-model.js';
import { reportedFields } from './reported-fields.js';
import { shockFacts, type ShockFacts } from './shock-facts.js';

const policy = loadPolicy();
const YONGDING = '532327101' as RegionCode;
const grower = {
  persons: 4,
  perCapitaFen: 900_000,
  facts: 0,
  livelihoods: [{ product: 2, quantity: 500, place: 532327101201000 }],
};

function hail(...damage: MessageInitShape<typeof AreaDamageSchema>[]): ShockFacts {
  return shockFacts(
    create(ShockSchema, {
      shockId: '00000000-0000-4000-8000-000000000001',
      revision: 1n,
      kind: 'hail',
      level: 4,
      observed: true,
      regions: ['532327'],
      judgedOn: '2026-07-18',
      damage: damage.map((area) => create(AreaDamageSchema, area)),
    }),
  );
}

describe('what a report says of fields', () => {
  const region = String(YONGDING);

  it('is left to the level where it has counted houses, or nothing, and no field', () => {
    const byLevel = compileLossModel(hail(), [], policy, YONGDING).loss(grower);
    expect(byLevel.middle).toBeGreaterThan(0);
    for (const told of [hail({ region, housesDamaged: 3 }), hail({ region })]) {
      expect(compileLossModel(told, [], policy, YONGDING).loss(grower)).toEqual(byLevel);
      expect(rangesOf(told)).toEqual(told.ranges);
    }
  });

  it('is what it has counted once it counts a field anywhere', () => {
    const told = hail({ region, housesDamaged: 3 }, { region: '532327102', cropHitCentimu: 100n });
    expect(reportedFields(told)).toEqual(told.damage);
    expect(compileLossModel(told, [0, 100_000], policy, YONGDING).loss(grower).high).toBe(0);
  });
});
