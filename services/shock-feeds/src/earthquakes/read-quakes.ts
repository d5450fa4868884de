/** The body of `POST /v1/shocks/earthquakes`: one Feature or a FeatureCollection. */
import { InvalidFields, readJson, UnusableJson, type FieldProblem } from '@fangpin/domain-kit';
import { isUtf8 } from 'node:buffer';
import { clip } from '../intake/clip.js';
import { FieldReader } from '../reports/field-reader.js';
import type { Quake } from './quake.js';
import { readQuake } from './read-quake.js';

/** Magnitude and epicentre are there wherever it has not been deleted. */
export type ReadQuake =
  | { readonly quake: Quake }
  | { readonly feature: unknown; readonly id: string; readonly problems: readonly FieldProblem[] };

export interface ReadQuakes {
  readonly collection: boolean;
  readonly features: readonly ReadQuake[];
}

const MAX_FEATURES = 20_000;
const MAX_NAMED = 100;

/**
 * Refuses (400, every bad field named) a Feature that cannot be read, and a collection of which none can; in one of which
 * some can, the others are told apart.
 */
export function readQuakes(body: unknown, now: Date): ReadQuakes {
  const problems: FieldProblem[] = [];
  const fields = FieldReader.ofBody(Buffer.isBuffer(body) ? parse(body) : body, problems);
  if (fields.raw('type') !== 'FeatureCollection') {
    const quake = readQuake(fields, now, problems);
    if (quake === undefined) throw new InvalidFields(problems);
    return { collection: false, features: [{ quake }] };
  }
  const list = fields.raw('features');
  if (!Array.isArray(list) || list.length > MAX_FEATURES)
    throw new InvalidFields([
      { field: 'features', value: null, rule: `must be a list of at most ${MAX_FEATURES} features` },
    ]);
  const features = (list as unknown[]).map((feature, i) => readOne(feature, i, now));
  const bad = features.flatMap((feature) => ('problems' in feature ? feature.problems : []));
  if (features.length > 0 && features.every((feature) => 'problems' in feature))
    throw new InvalidFields(bad.slice(0, MAX_NAMED));
  return { collection: true, features };
}

function readOne(feature: unknown, i: number, now: Date): ReadQuake {
  const problems: FieldProblem[] = [];
  const holder = new FieldReader({ [`features[${i}]`]: feature }, '', problems);
  const fields = holder.object(`features[${i}]`);
  const quake = fields === undefined ? undefined : readQuake(fields, now, problems);
  if (quake !== undefined) return { quake };
  const id = fields?.raw('id');
  return { feature, id: typeof id === 'string' ? clip(id, 100) : '', problems };
}

function parse(body: Buffer): unknown {
  try {
    if (!isUtf8(body)) throw new SyntaxError('it is not UTF-8');
    return readJson(body.toString());
  } catch (error) {
    if (error instanceof UnusableJson) throw error;
    const why = error instanceof Error ? clip(error.message, 200) : '';
    throw new InvalidFields([{ field: 'body', value: null, rule: `must be well-formed JSON in UTF-8 (${why})` }]);
  }
}
