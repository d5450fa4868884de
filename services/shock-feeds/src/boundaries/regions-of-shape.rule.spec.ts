import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import { BoundaryIndex } from './boundary-index.js';
import { packGeometry, unpackGeometry } from './packed-geometry.js';
import type { Position, RegionPosition, Ring } from './region-position.js';
import { regionsOfShape } from './regions-of-shape.rule.js';
import { crossesItself } from './segments.js';
import type { Shape } from './shape.js';
import { boundingBox, centroidOf } from './shape-measures.js';

const box = (lon: number, lat: number, width: number, height = width): Ring => [
  [lon, lat],
  [lon + width, lat],
  [lon + width, lat + height],
  [lon, lat + height],
  [lon, lat],
];
const region = (code: string, ...rings: Ring[]): RegionPosition => {
  const coordinates = rings.map((ring) => [ring]);
  return {
    code: parseRegionCode(code),
    centroid: centroidOf(coordinates) as Position,
    bbox: boundingBox(coordinates),
    geometry: { type: 'MultiPolygon', coordinates },
  };
};
const outline = (ring: Ring): Shape => ({ kind: 'outline', ring, bbox: boundingBox([[ring]]) });
const point = (lon: number, lat: number): Shape => ({
  kind: 'point',
  position: [lon, lat],
  bbox: [lon, lat, lon, lat],
});
const policy = () => ({ ofRegion: 0.02, ofShape: 0.02, covered: 0.95 });

/** Two counties side by side; the first has two townships that fill it, the second one that fills half. */
const index = new BoundaryIndex([
  region('532327', box(101, 25, 1)),
  region('532327101', box(101, 25, 0.5, 1)),
  region('532327102', box(101.5, 25, 0.5, 1)),
  region('532328', box(102, 25, 1)),
  region('532328101', box(102, 25, 0.5, 1)),
  { code: parseRegionCode('532329'), centroid: [103.5, 25.5], bbox: [103.5, 25.5, 103.5, 25.5] },
]);
const find = (shape: Shape) => regionsOfShape(shape, index, policy);

describe('the regions of a shape', () => {
  it('are of the finest level that covers it', () => {
    expect(find(outline(box(101.1, 25.1, 0.2))).regions).toEqual(['532327101']);
    expect(find(outline(box(101.4, 25.1, 0.2))).regions).toEqual(['532327101', '532327102']);
    // Only half of this one lies in townships that are loaded.
    expect(find(outline(box(102.4, 25.1, 0.2))).regions).toEqual(['532328']);
  });

  it('are wider ones where they lie in the shape whole', () => {
    expect(find(outline(box(100, 24, 2.1, 3))).regions).toEqual(['532327', '532328101']);
    expect(find(outline(box(100, 24, 5))).regions).toEqual(['532327', '532328']);
  });

  it('are those that a point lies in', () => {
    expect(find(point(101.7, 25.5)).regions).toEqual(['532327102']);
    expect(find(point(102.7, 25.5)).regions).toEqual(['532328']);
    expect(find(point(90, 40)).regions).toEqual([]);
  });

  it('do not count slivers, of which it tells', () => {
    const over = find(outline(box(101.2, 25.2, 0.805, 0.5)));
    expect(over).toMatchObject({ regions: ['532327101', '532327102'], slivers: ['532328'] });
    // The same overlap counts where it is much of the shape.
    expect(find(outline(box(101.995, 25.2, 0.01))).regions).toEqual(['532327102', '532328101']);
  });

  it('tell how much of the shape they hold', () => {
    expect(find(outline(box(102.5, 25.25, 1, 0.5))).covered).toBeCloseTo(0.5, 2);
    expect(find(outline(box(101.25, 25.25, 1, 0.5))).covered).toBeCloseTo(1, 5);
  });

  it('are found by an outline that encloses a hole of the region, or lies in it', () => {
    const ring = box(110, 30, 3);
    const hole = [...box(111, 31, 1)].reverse();
    const holed: RegionPosition = {
      ...region('420000', ring),
      geometry: { type: 'MultiPolygon', coordinates: [[ring, hole]] },
    };
    const alone = new BoundaryIndex([holed]);
    expect(regionsOfShape(outline(box(111.2, 31.2, 0.2)), alone, policy).regions).toEqual([]);
    expect(regionsOfShape(outline(box(110.8, 30.8, 1.4)), alone, policy).covered).toBeCloseTo(0.49, 1);
  });

  it('share a line of border with a neighbour, which is no overlap', () => {
    expect(find(outline(box(101, 25, 1))).regions).toEqual(['532327']);
  });

  it('of any box hold no more than it and touch nothing else', () => {
    const side = fc.double({ min: 0.05, max: 1.5, noNaN: true });
    const lon = fc.double({ min: 100, max: 103, noNaN: true });
    const lat = fc.double({ min: 24, max: 26, noNaN: true });
    fc.assert(
      fc.property(lon, lat, side, (x, y, size) => {
        const shape = outline(box(x, y, size));
        const { regions, covered } = find(shape);
        expect(covered).toBeGreaterThanOrEqual(0);
        expect(covered).toBeLessThanOrEqual(1);
        for (const code of regions) {
          const { bbox } = index.positions.find((position) => position.code === code) as RegionPosition;
          expect(bbox[0] <= shape.bbox[2] && bbox[2] >= shape.bbox[0]).toBe(true);
        }
        const distinct: readonly RegionCode[] = [...new Set(regions)];
        expect(distinct).toHaveLength(regions.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('an outline', () => {
  it('is packed and unpacked to the centimetre', () => {
    const lon = fc.double({ min: -180, max: 180, noNaN: true });
    const lat = fc.double({ min: -90, max: 90, noNaN: true });
    const ring = fc.array(fc.tuple(lon, lat), { minLength: 4, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.array(ring, { minLength: 1, maxLength: 3 }), { maxLength: 3 }), (polygons) => {
        const again = unpackGeometry(packGeometry(polygons));
        const close = polygons.map((rings) =>
          rings.map((points) => points.map((at) => at.map((n) => expect.closeTo(n, 6)))),
        );
        expect(again).toEqual(close);
      }),
    );
  });

  it('has its centre where its weight lies, however far from 0°', () => {
    expect(centroidOf([[box(101, 25, 1)], [box(103, 25, 1)]])).toEqual([expect.closeTo(102.5), expect.closeTo(25.5)]);
    expect(
      centroidOf([
        [
          [
            [1, 1],
            [2, 2],
            [1, 1],
          ],
        ],
      ]),
    ).toBeUndefined();
  });

  it('crosses itself as a bow tie does, but not where it only touches', () => {
    expect(
      crossesItself([
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
        [0, 0],
      ]),
    ).toBe(true);
    expect(crossesItself(box(0, 0, 1))).toBe(false);
    expect(
      crossesItself([
        [0, 0],
        [2, 0],
        [1, 1],
        [2, 2],
        [0, 2],
        [1, 1],
        [0, 0],
      ]),
    ).toBe(false);
  });
});
