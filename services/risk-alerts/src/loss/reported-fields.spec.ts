import { describe, expect, it } from '@jest/globals';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { AreaDamageSchema } from '@fangpin/contracts';
import { loadPolicy } from '@fangpin/policy';
import { growers, hailing, TOWNSHIP } from '../../test/support/losses.js';
import { rangesOf } from '../exposure/touched.js';
import { compileLossModel } from './loss-model.js';
import { reportedFields } from './reported-fields.js';
import type { ShockFacts } from './shock-facts.js';

const policy = loadPolicy();
const hail = (...damage: MessageInitShape<typeof AreaDamageSchema>[]): ShockFacts =>
  hailing({ damage: damage.map((area) => create(AreaDamageSchema, area)) });

describe('what a report says of fields', () => {
  const region = String(TOWNSHIP);

  it('is left to the level where it has counted houses, or nothing, and no field', () => {
    const byLevel = compileLossModel(hail(), [], policy, TOWNSHIP).loss(growers());
    expect(byLevel.middle).toBeGreaterThan(0);
    for (const told of [hail({ region, housesDamaged: 3 }), hail({ region })]) {
      expect(compileLossModel(told, [], policy, TOWNSHIP).loss(growers())).toEqual(byLevel);
      expect(rangesOf(told)).toEqual(told.ranges);
    }
  });

  it('is what it has counted once it counts a field anywhere', () => {
    const told = hail({ region, housesDamaged: 3 }, { region: '532327102', cropHitCentimu: 100n });
    expect(reportedFields(told)).toEqual(told.damage);
    expect(compileLossModel(told, [0, 100_000], policy, TOWNSHIP).loss(growers()).high).toBe(0);
  });
});
