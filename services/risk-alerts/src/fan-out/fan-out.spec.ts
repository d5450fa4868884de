import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { originOf, packRevision } from '@fangpin/domain-kit';
import { alertRevision, lowestRevision, nextLook, shockRevisionOf } from './alert-revision.js';
import { flatInputs, livelihoodsOf } from './alert-rows.js';
import { groupTownships } from './slices.js';

describe('the revision of an alert', () => {
  const shockRevision = fc
    .record({ epoch: fc.integer({ min: 0, max: 4_095 }), version: fc.integer({ min: 1, max: 2 ** 23 }) })
    .map(packRevision);

  const ownEpoch = fc.integer({ min: 1, max: 16 });

  it('grows with each look under one shock revision, and stays below the next shock revision', () => {
    fc.assert(
      fc.property(shockRevision, ownEpoch, fc.integer({ min: 0, max: 4_094 }), (revision, epoch, look) => {
        expect(alertRevision(revision, epoch, look + 1)).toBeGreaterThan(alertRevision(revision, epoch, look));
        expect(alertRevision(revision, epoch, look + 1)).toBeLessThan(lowestRevision(revision + 1));
        expect(alertRevision(revision, epoch, look)).toBeGreaterThanOrEqual(lowestRevision(revision));
        expect(shockRevisionOf(alertRevision(revision, epoch, look))).toBe(revision);
      }),
    );
  });

  it('of a restored database stands above all that was said of the shock from it before, once its epoch is raised', () => {
    fc.assert(
      fc.property(
        shockRevision,
        fc.integer({ min: 1, max: 15 }),
        fc.nat({ max: 4_095 }),
        (revision, epoch, lookSaid) => {
          const said = alertRevision(revision, epoch, lookSaid);
          expect(alertRevision(revision, epoch + 1)).toBeGreaterThan(said);
          expect(nextLook(revision, epoch + 1, alertRevision(revision, epoch))).toBeGreaterThan(said);
        },
      ),
    );
  });

  it('says when no epoch finds room any more', () => {
    expect(() => alertRevision(packRevision({ epoch: 1, version: 3 }), 17)).toThrow('epoch 17');
  });

  it('of a later look is above whatever the household had', () => {
    const revision = packRevision({ epoch: 1, version: 3 });
    expect(nextLook(revision, 1, undefined)).toBe(alertRevision(revision, 1, 1));
    expect(nextLook(revision, 1, alertRevision(revision, 1))).toBe(alertRevision(revision, 1, 1));
    expect(nextLook(revision, 1, alertRevision(revision, 1, 7))).toBe(alertRevision(revision, 1, 8));
    expect(nextLook(revision, 1, alertRevision(packRevision({ epoch: 1, version: 2 }), 1, 9))).toBe(
      alertRevision(revision, 1, 1),
    );
  });
});

describe('slices', () => {
  it('hold every township once, in order, near the size asked for', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 80 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 20_000 }), (households, target) => {
        const townships = households.map((n, i) => ({ township: 530_900_000 + i, households: n }));
        const groups = groupTownships(townships, target);
        expect(groups.flat()).toEqual(townships.map(({ township }) => township));
        expect(groups.every((group) => group.length > 0)).toBe(true);
      }),
    );
  });

  it('get smaller towards the end, so that nobody waits there for a large one', () => {
    const townships = Array.from({ length: 77 }, (_, i) => ({ township: 530_900_000 + i, households: 1_295 }));
    const sizes = groupTownships(townships, 15_000).map((group) => group.length * 1_295);
    expect(sizes.slice(0, 4).every((size) => size > 13_000 && size <= 15_000)).toBe(true);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes.at(-1)).toBeLessThanOrEqual(3_750);
    expect(sizes.length).toBeLessThan(15);
  });
});

describe('what an alert keeps of a household', () => {
  it('reads back as it was', () => {
    const livelihoods = [
      { product: 2, quantity: 350, place: 532327101201000 },
      { product: 100, quantity: 4, place: 532327101201000 },
    ];
    expect(livelihoodsOf(flatInputs(livelihoods))).toEqual(livelihoods);
  });

  it('is named by its shock and cause, the same every time', () => {
    const id = '7d444840-9dc0-41d1-b245-5ffdce74fad2';
    expect(originOf(id, 'crop-disaster')).toBe(originOf(id, 'crop-disaster'));
    expect(originOf(id, 'crop-disaster')).not.toBe(originOf(id, 'price-fall'));
    expect(originOf(id, 'crop-disaster')).toBeLessThan(2 ** 52);
  });
});
