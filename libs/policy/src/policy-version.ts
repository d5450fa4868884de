import { createHash } from 'node:crypto';
import { recordIdOf, type PolicyRecord } from './policy-record.js';

const VERSION_LENGTH = 12;

/** Names records by their content: independent of file names, order of records and order of members. */
export function versionOf(records: readonly PolicyRecord[]): string {
  const sorted = [...records].sort((a, b) => (recordIdOf(a) < recordIdOf(b) ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify(canonical(sorted)))
    .digest('hex')
    .slice(0, VERSION_LENGTH);
}

/** The same value with the members of every object in order. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, canonical(inner)]),
  );
}
