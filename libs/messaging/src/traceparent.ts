import { randomBytes } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * The W3C `traceparent` of the next hop: the same trace with a span of its own when `incoming` is well formed, a new
 * sampled trace otherwise.
 */
export function nextTraceparent(incoming?: string): string {
  const known = incoming === undefined ? null : TRACEPARENT.exec(incoming);
  const span = randomBytes(8).toString('hex');
  return known ? `00-${known[1]}-${span}-${known[2]}` : `00-${randomBytes(16).toString('hex')}-${span}-01`;
}
