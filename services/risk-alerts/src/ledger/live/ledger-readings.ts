/**
 * Readings of ledgers that several listeners share: a hundred officers who watch one hailstorm cost as much as one. A ledger
 * is counted only when its mark has moved, and the longer a count took, the longer it rests. Each area is a ledger of its own;
 * however many are watched, all of them together take two connections.
 */
import { Database, type Scope } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import type { FanOutResponse } from '../fan-out.response.js';
import { ReadFanOut } from '../read-fan-out.js';
import { ledgerMark } from '../ledger-mark.js';
import { Turns } from './turns.js';

/** At most two readings a second. */
const LEAST_REST_MS = 500;
const REST_PER_MS = 4;
/** Some of what a ledger shows comes with time alone: a slice that nobody gets done becomes stuck. */
const COUNT_ANYWAY_MS = 30_000;
const COUNTS_AT_ONCE = 2;

interface Counted {
  readonly mark: string;
  readonly ledger: FanOutResponse;
  readonly at: number;
}

interface Entry {
  listeners: number;
  counted: Counted | undefined;
  /** The reading under way, or the last one. */
  reading: Promise<FanOutResponse> | undefined;
  /** Of performance.now(); before it the last reading answers. */
  freshUntil: number;
}

@Injectable()
export class LedgerReadings {
  readonly #entries = new Map<string, Entry>();
  readonly #turns = new Turns(COUNTS_AT_ONCE);

  constructor(
    private readonly database: Database,
    private readonly readFanOut: ReadFanOut,
  ) {}

  /** Begins to share: `read` answers the ledger as it stands, `leave` must be called once at the end. */
  join(shockId: string, scope: Scope): { read: () => Promise<FanOutResponse>; leave: () => void } {
    const key = `${shockId}/${scope.lo}-${scope.hi}`;
    const entry = this.#entries.get(key) ?? {
      listeners: 0,
      counted: undefined,
      reading: undefined,
      freshUntil: -Infinity,
    };
    entry.listeners += 1;
    this.#entries.set(key, entry);
    return {
      read: () => this.#read(entry, shockId, scope),
      leave: () => {
        entry.listeners -= 1;
        if (entry.listeners === 0) this.#entries.delete(key);
      },
    };
  }

  #read(entry: Entry, shockId: string, scope: Scope): Promise<FanOutResponse> {
    if (entry.reading !== undefined && performance.now() < entry.freshUntil) return entry.reading;
    // Who asks while a reading is under way gets that one.
    entry.freshUntil = Infinity;
    entry.reading = this.#turns.take(async () => {
      const started = performance.now();
      try {
        return await this.#count(entry, shockId, scope);
      } finally {
        const took = performance.now() - started;
        entry.freshUntil = performance.now() + Math.max(LEAST_REST_MS, REST_PER_MS * took);
      }
    });
    return entry.reading;
  }

  async #count(entry: Entry, shockId: string, scope: Scope): Promise<FanOutResponse> {
    // The mark is taken before the count: what changes between the two is counted once more, never missed.
    const mark = await this.database.transaction(scope, (tx) => ledgerMark(tx, shockId));
    const { counted } = entry;
    if (counted !== undefined && counted.mark === mark && performance.now() - counted.at < COUNT_ANYWAY_MS)
      return counted.ledger;
    const ledger = await this.readFanOut.execute(shockId, scope);
    entry.counted = { mark, ledger, at: performance.now() };
    return ledger;
  }
}
