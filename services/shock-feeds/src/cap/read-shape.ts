/**
 * Polygons and circles as CAP writes them (CAP 1.2 §3.2.4: WGS84, latitude first, polygons closed, a circle's radius in
 * km) → shapes. What is surely meant is repaired with a note; the rest is told and left.
 */
import { circle } from '@turf/circle';
import type { Position, Ring } from '../boundaries/region-position.js';
import { crossesItself } from '../boundaries/segments.js';
import type { Shape } from '../boundaries/shape.js';
import { boundingBox, boxesMeet } from '../boundaries/shape-measures.js';
import { clip } from '../intake/clip.js';
import type { Problem } from './cap-message.js';

export type ShapeReading =
  | { readonly shape: Shape; readonly problems: readonly Problem[] }
  /** `abroad`: whatever it is, it lies outside China. */
  | { readonly shape?: never; readonly abroad: boolean; readonly problems: readonly Problem[] };

/** A generous box around China, so that a warning at the border counts as ours and meets an officer. */
export const CHINA = [73, 3, 136, 54] as const;
const MAX_POINTS = 10_000;
const MAX_RADIUS_KM = 3_000;
const CIRCLE_STEPS = 64;

export function liesAbroad({ bbox }: Pick<Shape, 'bbox'>): boolean {
  return !boxesMeet(bbox, CHINA);
}

export function readPolygon(text: string): ShapeReading {
  const points = readPoints(text);
  if (points === undefined || points.length === 0) return unreadable(text);
  const { ring: drawn, problems } = unswapped(points);
  const ring = [...drawn];
  if (!samePlace(ring[0] as Position, ring.at(-1) as Position)) {
    ring.push(ring[0] as Position);
    problems.push({ code: 'AREA.RING_CLOSED', text: '预警区域的多边形未闭合，已按首点闭合' });
  }
  if (!isDegrees(ring)) return unreadable(text);
  const bbox = boundingBox([[ring]]);
  if (ring.length < 4) return unreadable(text, liesAbroad({ bbox }));
  if (!liesAbroad({ bbox }) && crossesItself(ring)) {
    const crossing = { code: 'AREA.SHAPE_CROSSES_ITSELF', text: '预警区域的多边形自相交，所指范围不明，未采用' };
    return { abroad: false, problems: [...problems, crossing] };
  }
  return { shape: { kind: 'outline', ring, bbox }, problems };
}

/** `lat,lon radius`; a radius of 0 is the point itself, as in messages about earthquakes. */
export function readCircle(text: string): ShapeReading {
  const match = /^(\S+)\s+(\d{1,6}(?:\.\d{1,12})?)$/.exec(joined(text));
  const points = readPoints(match?.[1] ?? '');
  const radius = Number(match?.[2]);
  if (points?.length !== 1 || !(radius <= MAX_RADIUS_KM)) return unreadable(text);
  const { ring, problems } = unswapped(points);
  if (!isDegrees(ring)) return unreadable(text);
  const [lon, lat] = ring[0] as Position;
  if (radius === 0) return { shape: { kind: 'point', position: [lon, lat], bbox: [lon, lat, lon, lat] }, problems };
  const drawn = circle([lon, lat], radius, { units: 'kilometers', steps: CIRCLE_STEPS });
  const outline = (drawn.geometry.coordinates[0] ?? []).map(([x = lon, y = lat]): Position => [x, y]);
  return { shape: { kind: 'outline', ring: outline, bbox: boundingBox([[outline]]) }, problems };
}

/** Pairs as [second, first] of what is written: longitude first, as everywhere else here. */
function readPoints(text: string): Position[] | undefined {
  const pairs = joined(text)
    .split(' ', MAX_POINTS + 1)
    .filter((pair) => pair !== '');
  if (pairs.length > MAX_POINTS) return undefined;
  const points = pairs.map((pair) => pair.split(','));
  if (points.some((pair) => pair.length !== 2 || !pair.every((number) => /^[-+]?\d{1,3}(?:\.\d{1,20})?$/.test(number))))
    return undefined;
  return points.map(([lat, lon]) => [Number(lon), Number(lat)]);
}

/** One blank between pairs, none around commas. White space is folded first: `\s*,` alone would go through it again and again. */
function joined(text: string): string {
  return text
    .slice(0, 800_000)
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?[,，] ?/g, ',');
}

/** Latitudes beyond 90° were longitudes, where every pair the other way round lies in China. */
function unswapped(points: readonly Position[]): { ring: Ring; problems: Problem[] } {
  const beyond = points.some(([, lat]) => Math.abs(lat) > 90);
  const swapped = points.map(([lon, lat]): Position => [lat, lon]);
  const inChina = swapped.every(([lon, lat]) => !liesAbroad({ bbox: [lon, lat, lon, lat] }));
  return beyond && inChina
    ? { ring: swapped, problems: [{ code: 'AREA.COORDINATES_SWAPPED', text: '坐标为先经度后纬度，已对调' }] }
    : { ring: unwound(points), problems: [] };
}

/** Outlines at the antimeridian are drawn beyond ±180°; one that lies beyond whole is meant on the other side. */
function unwound(ring: Ring): Ring {
  const turn = ring.every(([lon]) => lon < -180 && lon >= -360)
    ? 360
    : ring.every(([lon]) => lon > 180 && lon <= 360)
      ? -360
      : 0;
  return turn === 0 ? ring : ring.map(([lon, lat]) => [lon + turn, lat]);
}

function isDegrees(ring: Ring): boolean {
  return ring.every(([lon, lat]) => Math.abs(lon) <= 360 && Math.abs(lat) <= 90);
}

function samePlace(a: Position, b: Position): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function unreadable(text: string, abroad = false): ShapeReading {
  const problem = { code: 'AREA.SHAPE_UNREADABLE', text: `多边形或圆无法识别：${clip(text, 40)}` };
  return { abroad, problems: [problem] };
}
