import { createHash } from 'node:crypto';

/**
 * The id of a shock out of its identity (first message of a chain, price series and first day, report's content): a UUID of
 * version 8, so that a database restored from before a shock gives the same id when its messages are sent again.
 */
export function shockIdOf(identity: string): string {
  const hex = createHash('sha256').update('fangpin shock 1\n').update(identity).digest('hex');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
