import { randomUUID } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * The W3C `traceparent` of the next hop: the same trace with a span of its own when `incoming` is well formed, a new
 * sampled trace otherwise. Ids come from UUIDs, which Node draws in bulk; they are never all zeros.
 */
export function nextTraceparent(incoming?: string): string {
  const known = incoming === undefined ? null : TRACEPARENT.exec(incoming);
  const span = hexId().slice(0, 16);
  return known ? `00-${known[1]}-${span}-${known[2]}` : `00-${hexId()}-${span}-01`;
}

function hexId(): string {
  return randomUUID().replaceAll('-', '');
}
