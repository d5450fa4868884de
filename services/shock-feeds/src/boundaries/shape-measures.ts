/** Measures of outlines, all pure. Degrees are taken as a plane: outlines here span a few degrees and none a pole. */
import type { BoundingBox, Polygons, Position, Ring } from './region-position.js';

export function boundingBox(polygons: Polygons): BoundingBox {
  let [minLon, minLat, maxLon, maxLat] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const rings of polygons)
    for (const [lon, lat] of rings[0] ?? []) {
      minLon = Math.min(minLon, lon);
      minLat = Math.min(minLat, lat);
      maxLon = Math.max(maxLon, lon);
      maxLat = Math.max(maxLat, lat);
    }
  return [minLon, minLat, maxLon, maxLat];
}

export function boxesMeet(a: BoundingBox, b: BoundingBox): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

/** Centre of gravity of the outlines without their holes, weighed by area; `undefined` where they enclose none. */
export function centroidOf(polygons: Polygons): Position | undefined {
  let [weight, lon, lat] = [0, 0, 0];
  for (const [outline = []] of polygons) {
    const ring = momentOf(outline);
    weight += Math.abs(ring.area);
    lon += ring.lon * Math.abs(ring.area);
    lat += ring.lat * Math.abs(ring.area);
  }
  return weight === 0 ? undefined : [lon / weight, lat / weight];
}

/** Signed area in square degrees, and centre. Reckoned from the first point, so that far from 0° nothing cancels out. */
function momentOf(ring: Ring): { area: number; lon: number; lat: number } {
  const [lon0, lat0] = ring[0] ?? [0, 0];
  let [twice, x, y] = [0, 0, 0];
  for (let i = 1; i < ring.length; i += 1) {
    const [ax, ay] = relative(ring[i - 1] as Position, lon0, lat0);
    const [bx, by] = relative(ring[i] as Position, lon0, lat0);
    const cross = ax * by - bx * ay;
    twice += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  if (twice === 0) return { area: 0, lon: lon0, lat: lat0 };
  return { area: twice / 2, lon: lon0 + x / (3 * twice), lat: lat0 + y / (3 * twice) };
}

function relative([lon, lat]: Position, lon0: number, lat0: number): readonly [number, number] {
  return [lon - lon0, lat - lat0];
}

export function pointCount(polygons: Polygons): number {
  return polygons.reduce((sum, rings) => sum + rings.reduce((points, ring) => points + ring.length, 0), 0);
}
