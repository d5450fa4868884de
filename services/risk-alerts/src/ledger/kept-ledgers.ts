/**
 * Ledgers that were counted, by shock and area, as long as their mark stays: what is settled changes no more, and officers go on reading it.
 * A process keeps its own, those read last; the mark is asked for each time, so that none is ever behind.
 */
import type { DutyRange } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import { ledgerMark } from './ledger-mark.js';
import { ledgerOfShock } from './ledger-of-shock.js';
import type { TownshipCounts } from './ledger-sql.js';

/** Of all that is kept together: some ten megabytes. A shock of the whole country has about as many. */
const MOST_TOWNSHIPS = 50_000;

interface Kept {
  readonly mark: string;
  readonly townships: readonly TownshipCounts[];
}

@Injectable()
export class KeptLedgers {
  readonly #kept = new Map<string, Kept>();
  #townships = 0;

  /** Counts by township over the origins of a shock, of an area; `count` is asked where none is kept under the mark of now. */
  async of(
    tx: Tx,
    shockId: string,
    origins: readonly number[],
    area: DutyRange,
    count: typeof ledgerOfShock = ledgerOfShock,
  ): Promise<readonly TownshipCounts[]> {
    const key = `${shockId}/${area.lo}-${area.hi}`;
    // Before the count: what changes between the two is counted once more, never missed.
    const mark = await ledgerMark(tx, shockId);
    const kept = this.#kept.get(key);
    const townships = kept?.mark === mark ? kept.townships : await count(tx, origins, area);
    this.#keep(key, { mark, townships });
    return townships;
  }

  /** As the one read last; those read longest ago go. */
  #keep(key: string, kept: Kept): void {
    this.#forget(key);
    this.#kept.set(key, kept);
    this.#townships += sizeOf(kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#townships <= MOST_TOWNSHIPS) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    this.#townships -= sizeOf(kept);
  }
}

/** An empty one takes its place too. */
function sizeOf({ townships }: Kept): number {
  return townships.length + 1;
}
