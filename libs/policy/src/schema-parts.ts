/** What the schemas of values are made of. */
import type { SchemaObject } from 'ajv';

export const LEVELS = ['blue', 'yellow', 'orange', 'red'] as const;
export const LEVELS_OR_UNKNOWN = ['unknown', ...LEVELS] as const;

export const object = (properties: Record<string, SchemaObject>): SchemaObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
export const each = (names: readonly string[], schema: SchemaObject): SchemaObject =>
  object(Object.fromEntries(names.map((name) => [name, schema])));
export const number = (minimum: number, maximum: number): SchemaObject => ({ type: 'number', minimum, maximum });
export const integer = (minimum: number, maximum: number): SchemaObject => ({ type: 'integer', minimum, maximum });
export const estimate = (value: SchemaObject): SchemaObject => each(['low', 'middle', 'high'], value);

export const share = number(0, 1);
export const fen = integer(0, 1e9);
export const level = integer(1, 4);
