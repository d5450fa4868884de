/**
 * Boundaries as bytes, in the table and in memory: 8 bytes a point where GeoJSON takes some 20 and JavaScript arrays
 * some 100. Little-endian 32-bit integers: number of polygons, then for each its number of rings, for each ring its
 * number of points, then longitude and latitude in 10⁻⁷ degrees (about a centimetre).
 */
import type { Polygons, Position } from './region-position.js';

const SCALE = 1e7;

export function packGeometry(polygons: Polygons): Buffer {
  const numbers: number[] = [polygons.length];
  for (const rings of polygons) {
    numbers.push(rings.length);
    for (const ring of rings) {
      numbers.push(ring.length);
      for (const [lon, lat] of ring) numbers.push(Math.round(lon * SCALE), Math.round(lat * SCALE));
    }
  }
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, i) => bytes.writeInt32LE(number, i * 4));
  return bytes;
}

export function unpackGeometry(bytes: Buffer): Polygons {
  let at = 0;
  const next = (): number => {
    const number = bytes.readInt32LE(at);
    at += 4;
    return number;
  };
  const times = <T>(make: () => T): T[] => Array.from({ length: next() }, make);
  return times(() => times(() => times((): Position => [next() / SCALE, next() / SCALE])));
}
