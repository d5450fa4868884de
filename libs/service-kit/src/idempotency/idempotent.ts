/**
 * `Idempotency-Key`: a repeated POST gets the first answer and does nothing. The deciding row is written in the caller's own
 * transaction (architecture §9), so that the work and the memory of it commit or roll back together; a second request with
 * the key waits on the row until the first has ended.
 */
import { DomainError, InvalidValue } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { Caller } from '../access/roles.js';
import { canonicalHash } from './canonical-hash.js';

export interface IdempotentRequest {
  /** The header's value; without one the work is simply done. */
  readonly key: string | undefined;
  /** Names the operation, for example `POST /v1/households`: keys of different operations do not meet. */
  readonly route: string;
  /** Keys are the caller's own: two callers may use the same one. */
  readonly caller: Pick<Caller, 'subject'>;
  readonly body: unknown;
}

/** What is answered; `body` must be JSON of ids, codes and counts, for it is stored as it is: never personal data. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

export class IdempotencyKeyReused extends DomainError {
  constructor() {
    super('IDEMPOTENCY.KEY_REUSED', 'conflict', 'the Idempotency-Key has been used with another body');
  }
}

/** The first request with the key has not ended. */
export class KeyInUse extends DomainError {
  constructor() {
    super('IDEMPOTENCY.IN_PROGRESS', 'conflict', 'a request with this Idempotency-Key is under way; try again');
  }
}

const PRINTABLE = /^[\x21-\x7e]{1,255}$/;

/** Refuses a key that cannot be one (400). {@link idempotent} does so too; work that is shared or long asks before it begins. */
export function checkIdempotencyKey(key: string | undefined): void {
  if (key !== undefined && !PRINTABLE.test(key))
    throw new InvalidValue('Idempotency-Key', key, 'must be 1 to 255 printable ASCII characters');
}

/** Does the work once per (caller, route, key); a repeat answers what was answered. Refuses the key with another body (409). */
export async function idempotent<T>(
  tx: Tx,
  { key, route, caller, body }: IdempotentRequest,
  work: () => Promise<Answer<T>>,
): Promise<Answer<T> & { readonly repeated: boolean }> {
  if (key === undefined) return { ...(await work()), repeated: false };
  checkIdempotencyKey(key);
  const requestHash = canonicalHash(body);
  const row = [caller.subject, route, key];
  const claimed = await tx.execute(
    `INSERT INTO idempotency_keys (subject, route, key, request_hash) VALUES ($1, $2, $3, $4)
     ON CONFLICT (subject, route, key) DO NOTHING`,
    [...row, requestHash],
  );
  if (claimed === 0) return { ...(await earlierAnswer<T>(tx, row, requestHash)), repeated: true };
  const answer = await work();
  await tx.execute(
    'UPDATE idempotency_keys SET status = $4, answer = $5 WHERE subject = $1 AND route = $2 AND key = $3',
    [...row, answer.status, JSON.stringify(answer.body ?? null)],
  );
  return { ...answer, repeated: false };
}

async function earlierAnswer<T>(tx: Tx, row: readonly string[], requestHash: Buffer): Promise<Answer<T>> {
  const [earlier] = await tx.query<{ request_hash: Buffer; status: number | null; answer: T }>(
    'SELECT request_hash, status, answer FROM idempotency_keys WHERE subject = $1 AND route = $2 AND key = $3',
    row,
  );
  // No row: it was purged between the two statements. No status: this very transaction uses the key twice.
  if (earlier === undefined || earlier.status === null) throw new KeyInUse();
  if (!earlier.request_hash.equals(requestHash)) throw new IdempotencyKeyReused();
  return { status: earlier.status, body: earlier.answer };
}
