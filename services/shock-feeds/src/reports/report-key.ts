/** What makes a report a repeat: the sender's Idempotency-Key, else its content. */
import { InvalidValue } from '@fangpin/domain-kit';
import type { Received } from '../intake/received.js';

const PRINTABLE = /^[\x21-\x7e]{1,255}$/;

/** Refuses a key that is no printable ASCII (400). Keys of different senders never meet. */
export function reportKey(idempotencyKey: string | undefined, received: Received, digest: Buffer): string {
  if (idempotencyKey === undefined) return `report:${digest.toString('hex')}`;
  if (!PRINTABLE.test(idempotencyKey))
    throw new InvalidValue('Idempotency-Key', idempotencyKey, 'must be 1 to 255 printable ASCII characters');
  return `report:key:${received.by}:${idempotencyKey}`;
}
