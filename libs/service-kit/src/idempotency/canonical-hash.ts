import { createHash } from 'node:crypto';

/** SHA-256 of a request body in one canonical form: the order of a JSON object's members does not count. */
export function canonicalHash(body: unknown): Buffer {
  const hash = createHash('sha256');
  if (Buffer.isBuffer(body)) return hash.update('bytes\n').update(body).digest();
  return hash.update('json\n').update(canonical(body)).digest();
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value instanceof Date || typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}
