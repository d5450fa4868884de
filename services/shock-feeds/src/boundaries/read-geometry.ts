/** Coordinates of GeoJSON, checked: numbers, ranges, rings that close. What is wrong is named by its place. */
import type { Polygons, Position, Ring } from './region-position.js';

export type PolygonsReading = { readonly polygons: Polygons } | { readonly at: string; readonly rule: string };

/** A height beside longitude and latitude is dropped. */
export function readPosition(value: unknown): Position | undefined {
  if (!Array.isArray(value)) return undefined;
  const [lon, lat] = value as unknown[];
  if (typeof lon !== 'number' || typeof lat !== 'number') return undefined;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : undefined;
}

/** Coordinates of a MultiPolygon, of at most so many points. */
export function readPolygons(value: unknown, maxPoints: number): PolygonsReading {
  if (!Array.isArray(value) || value.length === 0) return { at: '', rule: 'must hold polygons' };
  const polygons: Ring[][] = [];
  let points = 0;
  for (const [i, polygon] of (value as unknown[]).entries()) {
    if (!Array.isArray(polygon) || polygon.length === 0) return { at: `[${i}]`, rule: 'must hold rings' };
    const rings: Ring[] = [];
    for (const [j, coordinates] of (polygon as unknown[]).entries()) {
      const read = readRing(coordinates, maxPoints - points);
      if ('rule' in read) return { at: `[${i}][${j}]${read.at}`, rule: read.rule };
      points += read.ring.length;
      rings.push(read.ring);
    }
    polygons.push(rings);
  }
  return { polygons };
}

function readRing(value: unknown, room: number): { ring: Ring } | { at: string; rule: string } {
  if (!Array.isArray(value) || value.length < 4) return { at: '', rule: 'must be a ring of at least 4 positions' };
  if (value.length > room) return { at: '', rule: 'must not bring the feature over 100000 positions' };
  const ring: Position[] = [];
  for (const [k, pair] of (value as unknown[]).entries()) {
    const position = readPosition(pair);
    if (position === undefined)
      return { at: `[${k}]`, rule: 'must be a longitude from -180 to 180 and a latitude from -90 to 90' };
    ring.push(position);
  }
  const [first, last] = [ring[0] as Position, ring.at(-1) as Position];
  return first[0] === last[0] && first[1] === last[1]
    ? { ring }
    : { at: '', rule: 'must be closed: its last position must be its first' };
}
