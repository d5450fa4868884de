/** How much of a region an outline covers, and how much of the outline that is: shares of area, 0 to 1. Pure. */
import { area } from '@turf/area';
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import { featureCollection, multiPolygon } from '@turf/helpers';
import { intersect } from '@turf/intersect';
import type { Boundary, Polygons, Position, Ring } from './region-position.js';
import { crosses, edgesOf } from './segments.js';

export interface Overlap {
  readonly ofRegion: number;
  readonly ofShape: number;
}

const NONE: Overlap = { ofRegion: 0, ofShape: 0 };

/**
 * Clipping costs some 20 ms a county, so what needs none is seen first: an outline whose edges cross no edge of the
 * boundary holds the region, lies in it, or has nothing to do with it.
 */
export function overlapOf(boundary: Boundary, ring: Ring): Overlap {
  const region = multiPolygon(mutable(boundary.coordinates));
  const shape = multiPolygon(mutable([[ring]]));
  const [regionArea, shapeArea] = [area(region), area(shape)];
  if (regionArea === 0 || shapeArea === 0) return NONE;
  const shares = (common: number): Overlap => ({
    ofRegion: Math.min(common / regionArea, 1),
    ofShape: Math.min(common / shapeArea, 1),
  });
  if (!edgesCross(boundary.coordinates, ring)) {
    const inShape = boundary.coordinates
      .flat()
      .map(([first]) => booleanPointInPolygon([...(first as Position)], shape));
    if (inShape.every(Boolean)) return shares(regionArea);
    if (!inShape.some(Boolean)) return holdsPoint(boundary, ring[0] as Position) ? shares(shapeArea) : NONE;
  }
  const common = intersect(featureCollection([region, shape]));
  return common === null ? NONE : shares(area(common));
}

export function holdsPoint(boundary: Boundary, position: Position): boolean {
  return booleanPointInPolygon([...position], multiPolygon(mutable(boundary.coordinates)));
}

function edgesCross(polygons: Polygons, ring: Ring): boolean {
  const edges = edgesOf(ring);
  return polygons.some((rings) => rings.some((other) => edgesOf(other).some((a) => edges.some((b) => crosses(a, b)))));
}

/** turf asks for arrays that it might change; it does not. */
function mutable(polygons: Polygons): number[][][][] {
  return polygons as unknown as number[][][][];
}
