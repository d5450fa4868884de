/** From an officer's JSON to surveyed intensity zones, with areas still as they were given. Every bad field is named. */
import { findRegionCode, InvalidFields, type FieldProblem, type RegionCode } from '@fangpin/domain-kit';
import { readPolygons } from '../boundaries/read-geometry.js';
import type { Polygons } from '../boundaries/region-position.js';
import { crossesItself } from '../boundaries/segments.js';
import type { KnownRegions } from '../cap/cap-area.rule.js';
import { readCapTime } from '../cap/cap-time.js';
import { FieldReader } from '../reports/field-reader.js';
import { readDegree } from './roman.js';

export interface SurveyZone {
  readonly intensity: number;
  readonly regions: readonly RegionCode[];
  /** Names of townships and villages as the notice has them; empty where it gives none. */
  readonly places: string;
  readonly polygons: Polygons;
}

export interface Survey {
  readonly zones: readonly SurveyZone[];
  readonly source: string;
  readonly surveyedAt: Date;
}

const MAX_ZONES = 200;
const MAX_REGIONS = 5_000;
const MAX_PLACES = 20_000;
const MAX_SOURCE = 200;
const MAX_POINTS = 20_000;
const POLYGONS = ['Polygon', 'MultiPolygon'];

/** Refuses with every bad field at once (400). `now` is the moment of judgement: a survey lies before it. */
export function readSurvey(body: unknown, now: Date, known: KnownRegions): Survey {
  const problems: FieldProblem[] = [];
  const fields = FieldReader.ofBody(body, problems);
  fields.only(['zones', 'source', 'surveyedAt']);
  const zones = fields.objects('zones', MAX_ZONES).map((zone) => readZone(zone, known));
  if (zones.length === 0 && problems.length === 0) fields.problem('zones', 'must hold at least one zone', null);
  const source = fields.text('source', MAX_SOURCE);
  const surveyedAt = readSurveyedAt(fields, now);
  if (problems.length > 0) throw new InvalidFields(problems);
  // With no problem every member has been read.
  return { zones, source, surveyedAt } as Survey;
}

function readZone(zone: FieldReader, known: KnownRegions): Partial<SurveyZone> {
  zone.only(['intensity', 'regions', 'places', 'geometry']);
  const intensity =
    readDegree(zone.raw('intensity')) ?? zone.problem('intensity', 'must be a degree from 1 to 12 (8 or Ⅷ)', null);
  const regions = zone.list('regions', MAX_REGIONS).flatMap((value, i) => {
    const code = typeof value === 'string' ? findRegionCode(value) : undefined;
    if (code !== undefined && known.has(code)) return [code];
    zone.problem(`regions[${i}]`, 'must be a known region code', typeof value === 'string' ? value : null);
    return [];
  });
  const places = zone.has('places') ? zone.text('places', MAX_PLACES) : '';
  const polygons = zone.has('geometry') ? readGeometry(zone) : [];
  if (!['regions', 'places', 'geometry'].some((name) => zone.has(name)))
    zone.problem('regions', 'or places or geometry must say where the zone is', null);
  return {
    ...(intensity === undefined ? {} : { intensity }),
    regions,
    ...(places === undefined ? {} : { places }),
    polygons,
  };
}

function readSurveyedAt(fields: FieldReader, now: Date): Date | undefined {
  const value = fields.raw('surveyedAt');
  const time = typeof value === 'string' ? readCapTime(value) : undefined;
  if (time === undefined || time.offsetAssumed)
    return fields.problem(
      'surveyedAt',
      'must be a time in RFC 3339 with offset',
      typeof value === 'string' ? value : null,
    );
  return time.at > now ? fields.problem('surveyedAt', 'must not lie in the future') : time.at;
}

function readGeometry(zone: FieldReader): Polygons {
  const geometry = zone.object('geometry');
  const type = geometry?.raw('type');
  if (geometry === undefined) return [];
  if (typeof type !== 'string' || !POLYGONS.includes(type)) {
    geometry.problem('type', 'must be Polygon or MultiPolygon', null);
    return [];
  }
  const coordinates = geometry.raw('coordinates');
  const read = readPolygons(type === 'Polygon' ? [coordinates] : coordinates, MAX_POINTS);
  if ('rule' in read) {
    geometry.problem(`coordinates${type === 'Polygon' ? read.at.replace(/^\[0\]/, '') : read.at}`, read.rule, null);
    return [];
  }
  if (read.polygons.some(([outline = []]) => crossesItself(outline)))
    geometry.problem('coordinates', 'must not cross itself', null);
  return read.polygons;
}
