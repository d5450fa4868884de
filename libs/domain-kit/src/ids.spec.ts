import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { composeDerivedId, InvalidFields, isUuid, parseDerivedId } from './index.js';

const MAX_ORIGIN = 2 ** 52 - 1;
const origins = fc.oneof(fc.integer({ min: 0, max: MAX_ORIGIN }), fc.constantFrom(0, 1, MAX_ORIGIN));
const households = fc.oneof(
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  fc.constantFrom(1, 2, Number.MAX_SAFE_INTEGER),
);
const sign = (n: number) => Math.sign(n);

describe('a derived id', () => {
  it('is a UUID of version 8 and comes back whole', () => {
    fc.assert(
      fc.property(origins, households, (origin, householdId) => {
        const id = composeDerivedId({ origin, householdId });
        expect(isUuid(id)).toBe(true);
        expect([id[14], '89ab'.includes(id[19] ?? '')]).toEqual(['8', true]);
        expect(parseDerivedId(id)).toEqual({ origin, householdId });
        expect(parseDerivedId(id.toUpperCase())).toEqual({ origin, householdId });
      }),
    );
  });

  it('keeps the order of households within an origin, and of origins before that', () => {
    fc.assert(
      fc.property(origins, households, households, (origin, a, b) => {
        const [x, y] = [a, b].map((householdId) => composeDerivedId({ origin, householdId }));
        expect(sign((x ?? '').localeCompare(y ?? '', 'en'))).toBe(sign(a - b));
      }),
    );
    fc.assert(
      fc.property(origins, origins, households, households, (o, p, a, b) => {
        fc.pre(o < p);
        expect(composeDerivedId({ origin: o, householdId: a }) < composeDerivedId({ origin: p, householdId: b })).toBe(
          true,
        );
      }),
    );
  });

  it('of different origins or households differ', () => {
    const pair = fc.record({ origin: origins, householdId: households });
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        const same = a.origin === b.origin && a.householdId === b.householdId;
        expect(composeDerivedId(a) === composeDerivedId(b)).toBe(same);
      }),
    );
  });

  it('is refused with the name of its field when this system never gave it out', () => {
    const never = [
      '',
      'x',
      '0b5c1f0e-7a53-4d7e-9c1e-0f9a3b2c1d4e',
      '00000000-0000-8000-8000-000000000000',
      'ffffffff-ffff-8fff-8000-000000000001',
      '00000000-0000-8001-c000-000000000001',
      '00000000-0000-8001-8020-000000000000',
      '{00000000-0000-8001-8000-000000000001}',
    ];
    for (const id of never) expect(() => parseDerivedId(id, 'alertId')).toThrow(InvalidFields);
    for (const id of never) expect(() => parseDerivedId(id, 'alertId')).toThrow(/alertId/);
  });

  it('is not made of what it cannot hold', () => {
    for (const origin of [-1, 0.5, MAX_ORIGIN + 1, Number.NaN])
      expect(() => composeDerivedId({ origin, householdId: 1 })).toThrow(RangeError);
    for (const householdId of [0, -1, 1.5, 2 ** 53, Number.NaN])
      expect(() => composeDerivedId({ origin: 1, householdId })).toThrow(RangeError);
  });
});
