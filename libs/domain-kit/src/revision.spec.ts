import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextRevision, packRevision, unpackRevision } from './index.js';

const MAX_VERSION = 2 ** 40 - 1;
const epochs = fc.integer({ min: 0, max: 4095 });
const versions = fc.oneof(fc.integer({ min: 1, max: MAX_VERSION }), fc.constantFrom(1, MAX_VERSION));

describe('a revision', () => {
  it('comes back whole from its packed form, a safe integer', () => {
    fc.assert(
      fc.property(epochs, versions, (epoch, version) => {
        const packed = packRevision({ epoch, version });
        expect(Number.isSafeInteger(packed)).toBe(true);
        expect(unpackRevision(packed)).toEqual({ epoch, version });
      }),
    );
  });

  it('is ordered by epoch, then by version', () => {
    fc.assert(
      fc.property(epochs, versions, epochs, versions, (e, v, f, w) => {
        const order = e === f ? Math.sign(v - w) : Math.sign(e - f);
        expect(Math.sign(packRevision({ epoch: e, version: v }) - packRevision({ epoch: f, version: w }))).toBe(order);
      }),
    );
  });

  it('begins at version 1 of the epoch', () => {
    expect(unpackRevision(nextRevision(7, undefined))).toEqual({ epoch: 7, version: 1 });
  });

  it('only grows, whatever epoch the producer is in', () => {
    fc.assert(
      fc.property(epochs, fc.array(epochs, { minLength: 1, maxLength: 30 }), (first, later) => {
        let known = nextRevision(first, undefined);
        for (const epoch of later) {
          const next = nextRevision(epoch, known);
          expect(next).toBeGreaterThan(known);
          known = next;
        }
      }),
    );
  });

  it('of a database restored from an old copy stands above all it had published, once its epoch is raised', () => {
    const published = packRevision({ epoch: 3, version: 900 });
    const restored = packRevision({ epoch: 3, version: 400 });
    expect(nextRevision(3, restored)).toBeLessThan(published);
    expect(nextRevision(4, restored)).toBeGreaterThan(published);
  });

  it('is refused outside its span', () => {
    for (const epoch of [-1, 4096, 0.5]) expect(() => packRevision({ epoch, version: 1 })).toThrow(RangeError);
    for (const version of [0, -1, 1.5, MAX_VERSION + 1])
      expect(() => packRevision({ epoch: 0, version })).toThrow(RangeError);
    expect(() => nextRevision(0, packRevision({ epoch: 0, version: MAX_VERSION }))).toThrow(RangeError);
  });
});
