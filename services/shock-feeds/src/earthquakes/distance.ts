/** Distances on the ground, in km. Exact enough for the few hundred kilometres over which an earthquake does harm. */
import type { BoundingBox, Polygons, Position } from '../boundaries/region-position.js';

const EARTH_RADIUS_KM = 6371;
const KM_PER_DEGREE = (Math.PI * EARTH_RADIUS_KM) / 180;

/** Along the great circle. */
export function distanceKm([lonA, latA]: Position, [lonB, latB]: Position): number {
  const dLat = radians(latB - latA);
  const dLon = radians(lonB - lonA);
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(radians(latA)) * Math.cos(radians(latB)) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** To the nearest point of a box; never more than to anything within it. */
export function distanceToBoxKm(from: Position, [minLon, minLat, maxLon, maxLat]: BoundingBox): number {
  const lon = Math.min(Math.max(from[0], minLon), maxLon);
  const lat = Math.min(Math.max(from[1], minLat), maxLat);
  return distanceKm(from, [lon, lat]);
}

/** To the nearest point of an outline; 0 within it. */
export function distanceToPolygonsKm(from: Position, polygons: Polygons): number {
  if (polygons.some((rings) => isInside(from, rings))) return 0;
  let nearest = Infinity;
  for (const rings of polygons)
    for (const ring of rings)
      for (let i = 1; i < ring.length; i += 1)
        nearest = Math.min(nearest, toSegment(plane(from, ring[i - 1] as Position), plane(from, ring[i] as Position)));
  return nearest;
}

/** Within the outline and in none of its holes (even–odd). */
export function isInside([lon, lat]: Position, rings: readonly (readonly Position[])[]): boolean {
  let inside = false;
  for (const ring of rings)
    for (let i = 1; i < ring.length; i += 1) {
      const [ax, ay] = ring[i - 1] as Position;
      const [bx, by] = ring[i] as Position;
      if (ay > lat !== by > lat && lon < ax + ((lat - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    }
  return inside;
}

/** Kilometres east and north of the origin, by the middle latitude. */
function plane([lon0, lat0]: Position, [lon, lat]: Position): readonly [x: number, y: number] {
  return [(lon - lon0) * KM_PER_DEGREE * Math.cos(radians((lat + lat0) / 2)), (lat - lat0) * KM_PER_DEGREE];
}

/** From the origin of the plane to the segment. */
function toSegment([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length));
  return Math.hypot(ax + share * dx, ay + share * dy);
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
