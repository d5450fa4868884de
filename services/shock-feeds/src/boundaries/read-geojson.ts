import { readJson, UnusableJson } from '@fangpin/domain-kit';
import { UnusableBoundaries } from './boundaries.errors.js';

/** The value of a JSON body; `application/geo+json` comes here as bytes, `application/json` as a value already. */
export function readGeoJson(body: unknown): unknown {
  if (!Buffer.isBuffer(body)) return body;
  try {
    return readJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    if (error instanceof UnusableJson) throw error;
    const why = error instanceof Error ? error.message.slice(0, 200) : '';
    throw new UnusableBoundaries([{ field: 'body', value: null, rule: `must be JSON in UTF-8 (${why})` }]);
  }
}
