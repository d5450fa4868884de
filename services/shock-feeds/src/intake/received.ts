/** How and when something came in, as every message row tells. */
import { createHash } from 'node:crypto';

export interface Received {
  /** The clock's time at receipt. */
  readonly at: Date;
  /** Account and role of the sender: `department-client/client-7`. */
  readonly by: string;
  /** The replay time that an operator gave (docs/adr/0020-replay-time.md). */
  readonly asOf?: Date;
}

/** The moment at which a message is judged: "has it expired" is asked of this one. */
export function judgedAt(received: Received): Date {
  return received.asOf ?? received.at;
}

/** When something that is over at `instant` is over by this machine's clock: a replayed notice lives its own length. */
export function dueByClock(received: Received, instant: Date | null): Date | null {
  if (instant === null || received.asOf === undefined) return instant;
  return new Date(instant.getTime() + received.at.getTime() - received.asOf.getTime());
}

export function digestOf(content: string | Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}

/** Names of foreign making are keys in indexes, which hold some 2,700 bytes: longer ones stand as their digest. */
export function boundedKey(key: string): string {
  return Buffer.byteLength(key) <= 600 ? key : `sha256:${digestOf(key).toString('hex')}`;
}
