/**
 * From a GeoJSON Feature with the fields of the USGS to an earthquake. Every bad field is named with its value and rule;
 * members that are not used are passed over, since catalogues have dozens of them.
 */
import type { FieldProblem } from '@fangpin/domain-kit';
import { readPosition } from '../boundaries/read-geometry.js';
import type { Position } from '../boundaries/region-position.js';
import { clip } from '../intake/clip.js';
import { FieldReader } from '../reports/field-reader.js';
import { EARTHQUAKE, type Quake } from './quake.js';

const MAX_ID = 100;
const MAX_TEXT = 200;
const MAX_OTHER_IDS = 8;
const MAX_DEPTH_KM = 800;
const MAGNITUDE = { min: -5, max: 10 };
/** Clocks of networks differ from ours. */
const CLOCK_SKEW_MS = 3_600_000;
/** The year 1000: catalogues of the past begin there. */
const EARLIEST = -30_610_224_000_000;
const ID = /^[\x21-\x7e]{1,100}$/;

/** `undefined` where a field is bad; each is named in `problems`. `now` is this machine's clock. */
export function readQuake(feature: FieldReader, now: Date, problems: FieldProblem[]): Quake | undefined {
  const before = problems.length;
  if (feature.raw('type') !== 'Feature') feature.problem('type', 'must be Feature', clipped(feature.raw('type')));
  const id = readId(feature);
  const properties = feature.object('properties');
  if (properties === undefined) return undefined;
  const deleted = properties.raw('status') === 'deleted';
  const magnitude = readMagnitude(properties, deleted);
  const time = readInstant(properties, 'time', now);
  const updated = properties.has('updated') ? readInstant(properties, 'updated', now) : time;
  const texts = {
    magnitudeType: readText(properties, 'magType'),
    place: readText(properties, 'place'),
    network: readText(properties, 'net'),
    type: readText(properties, 'type') || EARTHQUAKE,
  };
  readText(properties, 'status');
  const where = feature.has('geometry') || !deleted ? readPoint(feature) : undefined;
  if (problems.length > before || id === undefined || time === undefined || updated === undefined) return undefined;
  return {
    id,
    otherIds: otherIds(properties, id),
    ...(magnitude === undefined ? {} : { magnitude }),
    ...texts,
    time,
    updated,
    deleted,
    ...(where === undefined ? {} : { epicentre: where.epicentre }),
    ...(where?.depthKm === undefined ? {} : { depthKm: where.depthKm }),
  };
}

function readId(feature: FieldReader): string | undefined {
  const value = feature.raw('id');
  const id = typeof value === 'number' ? String(value) : value;
  if (typeof id === 'string' && ID.test(id)) return id;
  return feature.problem('id', `must be 1 to ${MAX_ID} printable ASCII characters without blanks`, clipped(value));
}

/** `,us7000abcd,at00qtest,`: all names of the event, its own among them. */
function otherIds(properties: FieldReader, own: string): string[] {
  const ids = properties.raw('ids');
  if (typeof ids !== 'string') return [];
  const names = [...new Set(ids.slice(0, 2_000).split(','))].filter((id) => ID.test(id) && id !== own);
  return names.sort().slice(0, MAX_OTHER_IDS);
}

function readMagnitude(properties: FieldReader, deleted: boolean): number | undefined {
  const value = properties.raw('mag');
  if (deleted && !properties.has('mag')) return undefined;
  if (typeof value === 'number' && value >= MAGNITUDE.min && value <= MAGNITUDE.max) return value;
  return properties.problem('mag', `must be a number from ${MAGNITUDE.min} to ${MAGNITUDE.max}`, clipped(value));
}

function readInstant(properties: FieldReader, name: string, now: Date): Date | undefined {
  const value = properties.raw(name);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < EARLIEST)
    return properties.problem(name, 'must be a time in milliseconds since 1970 (UTC), an integer', clipped(value));
  if (value > now.getTime() + CLOCK_SKEW_MS) return properties.problem(name, 'must not lie in the future');
  return new Date(value);
}

/** Empty where absent. Words of a catalogue are cut and cleaned, not refused. */
function readText(properties: FieldReader, name: string): string {
  if (!properties.has(name)) return '';
  const value = properties.raw(name);
  if (typeof value === 'string') return clip(value.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim(), MAX_TEXT);
  properties.problem(name, 'must be a text', clipped(value));
  return '';
}

function readPoint(feature: FieldReader): { epicentre: Position; depthKm: number | undefined } | undefined {
  const geometry = feature.object('geometry');
  if (geometry === undefined) return undefined;
  if (geometry.raw('type') !== 'Point') geometry.problem('type', 'must be Point', clipped(geometry.raw('type')));
  const coordinates = geometry.raw('coordinates');
  const epicentre = readPosition(coordinates);
  if (epicentre === undefined)
    return geometry.problem(
      'coordinates',
      'must be a longitude from -180 to 180, a latitude from -90 to 90 and a depth in km',
      clipped(coordinates),
    );
  const depth = (coordinates as unknown[])[2] ?? null;
  if (depth !== null && (typeof depth !== 'number' || depth > MAX_DEPTH_KM))
    geometry.problem('coordinates[2]', `must be a depth of at most ${MAX_DEPTH_KM} km`, clipped(depth));
  return { epicentre, depthKm: typeof depth === 'number' && depth >= 0 ? depth : undefined };
}

/** A foreign value in a refusal: short, and by its kind where it may be nested without end. */
function clipped(value: unknown): unknown {
  if (typeof value === 'string') return clip(value, MAX_TEXT);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Array.isArray(value) ? 'array' : 'object';
}
