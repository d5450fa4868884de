/**
 * One feature of a GeoJSON file (RFC 7946) → where a region lies, or what is wrong with it. The region is named by `id`
 * or by a property; names that differ are refused, since one of them is a slip.
 */
import { findRegionCode, levelOf, type FieldProblem, type RegionCode } from '@fangpin/domain-kit';
import { readPosition, readPolygons } from './read-geometry.js';
import type { BoundingBox, Polygons, Position } from './region-position.js';
import { boundingBox, centroidOf, pointCount } from './shape-measures.js';

export interface ReadRegion {
  readonly code: RegionCode;
  readonly centroid: Position;
  readonly bbox: BoundingBox;
  readonly polygons?: Polygons;
}

export type FeatureReading = { readonly region: ReadRegion } | { readonly problems: readonly FieldProblem[] };

/** Properties under which public files name a region. */
const CODE_PROPERTIES = ['code', 'adcode', 'region', 'regionCode', 'code12'] as const;
const MAX_POINTS = 100_000;

/** `known` tells whether the division lists hold a code; a village group is in none, so its village is asked for. */
export function readFeature(feature: unknown, known: (code: RegionCode) => boolean): FeatureReading {
  if (!isObject(feature) || feature['type'] !== 'Feature')
    return { problems: [{ field: '', value: null, rule: 'must be a GeoJSON Feature' }] };
  const code = readCode(feature);
  if ('rule' in code) return { problems: [code] };
  if (!known(levelOf(code.code) === 'group' ? (code.code.slice(0, 12) as RegionCode) : code.code))
    return { problems: [{ field: code.field, value: code.code, rule: 'must be a known region' }] };
  return readShape(feature['geometry'], code.code);
}

function readCode(feature: Record<string, unknown>): { field: string; code: RegionCode } | FieldProblem {
  const properties = isObject(feature['properties']) ? feature['properties'] : {};
  const named = [
    { field: 'id', value: feature['id'] },
    ...CODE_PROPERTIES.map((name) => ({ field: `properties.${name}`, value: properties[name] })),
  ].filter(({ value }) => value !== undefined && value !== null && value !== '');
  const codes = named.flatMap(({ field, value }) => {
    const code = typeof value === 'string' || typeof value === 'number' ? findRegionCode(String(value)) : undefined;
    return code === undefined ? [] : [{ field, code }];
  });
  const [first] = codes;
  const stated = named.find(({ field }) => field !== 'id') ?? named[0];
  if (first === undefined)
    return {
      field: stated?.field ?? 'id',
      value: typeof stated?.value === 'object' ? null : (stated?.value ?? null),
      rule: `must be a region code, in id or properties.${CODE_PROPERTIES.join(', properties.')}`,
    };
  const other = codes.find(({ code }) => code !== first.code);
  return other === undefined
    ? first
    : { field: other.field, value: other.code, rule: `must name the same region as ${first.field} (${first.code})` };
}

function readShape(geometry: unknown, code: RegionCode): FeatureReading {
  const { type, coordinates } = isObject(geometry) ? geometry : {};
  if (type === 'Point') {
    const position = readPosition(coordinates);
    return position === undefined
      ? wrong('geometry.coordinates', 'must be a longitude and a latitude in degrees')
      : { region: { code, centroid: position, bbox: [...position, ...position] } };
  }
  if (type !== 'Polygon' && type !== 'MultiPolygon')
    return wrong('geometry.type', 'must be Polygon, MultiPolygon or Point', typeof type === 'string' ? type : null);
  const read = readPolygons(type === 'Polygon' ? [coordinates] : coordinates, MAX_POINTS);
  if ('rule' in read) return wrong(`geometry.coordinates${read.at}`, read.rule);
  const centroid = centroidOf(read.polygons);
  if (centroid === undefined || pointCount(read.polygons) === 0)
    return wrong('geometry.coordinates', 'must enclose an area');
  return { region: { code, centroid, bbox: boundingBox(read.polygons), polygons: read.polygons } };
}

function wrong(field: string, rule: string, value: unknown = null): FeatureReading {
  return { problems: [{ field, value, rule }] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
