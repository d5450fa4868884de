import type { JWTPayload, JWTVerifyGetKey } from 'jose';

/** So long a token is not looked at again: clients send theirs many times a second, and a signature costs as much as the rest of a small request. */
const REMEMBERED_MS = 5_000;
/** Some kilobytes each. */
const MOST = 1_000;

interface Remembered {
  readonly keys: JWTVerifyGetKey;
  readonly payload: JWTPayload;
  readonly until: number;
}

/**
 * Tokens that were found good a moment ago. One counts only under the keys it was checked with, and never beyond its own end; a
 * refusal is not remembered. Keys that an issuer takes back hold here for five seconds at most.
 */
export class RememberedTokens {
  readonly #tokens = new Map<string, Remembered>();

  constructor(private readonly now: () => number = Date.now) {}

  find(token: string, keys: JWTVerifyGetKey): JWTPayload | undefined {
    const known = this.#tokens.get(token);
    if (known === undefined) return undefined;
    if (known.keys === keys && this.now() < known.until) return known.payload;
    this.#tokens.delete(token);
    return undefined;
  }

  remember(token: string, keys: JWTVerifyGetKey, payload: JWTPayload): void {
    const now = this.now();
    const until = Math.min(now + REMEMBERED_MS, (payload.exp ?? 0) * 1_000);
    if (until <= now) return;
    // The oldest goes: a map keeps the order in which its keys came.
    const oldest = this.#tokens.size >= MOST ? this.#tokens.keys().next().value : undefined;
    if (oldest !== undefined) this.#tokens.delete(oldest);
    this.#tokens.set(token, { keys, payload, until });
  }
}
