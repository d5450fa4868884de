import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalHash } from './canonical-hash.js';

describe('the hash of a body', () => {
  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (body) => {
        const turned = Object.fromEntries(Object.entries(body).toReversed());
        expect(canonicalHash(turned)).toEqual(canonicalHash(body));
      }),
    );
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: '1' }],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: null }, {}],
    [Buffer.from('{}'), {}],
    [undefined, {}],
  ])('tells %j from %j', (one, other) => {
    expect(canonicalHash(one)).not.toEqual(canonicalHash(other));
  });
});
