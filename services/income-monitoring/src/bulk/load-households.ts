import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import type { Outbox } from '@fangpin/messaging';
import { cellScope, isTransientDatabaseError, type Database } from '@fangpin/persistence';
import type { AssessHouseholds } from '../assessments/assess-households.js';
import { monthOfDay } from '../ledger/month.js';
import { readHouseholdLine, type HouseholdLine } from './household-line.js';
import { storeBatch, type StoredBatch } from './store-batch.js';

/** Households of one transaction: with ten entries each, a third of a second in which others wait for the ledger. */
const BATCH = 2_000;
/** Batches that may wait for the bus before the next is stored: bounds memory. */
const MOST_IN_FLIGHT = 2;
const ATTEMPTS = 5;
const WHO = 'job:bulk-load';

export interface Loaded {
  /** Read, new or not. */
  households: number;
  entries: number;
  newHouseholds: number;
  newEntries: number;
  /** Left out: their key names another fact in the ledger. */
  differing: number;
}

export interface LoadParts {
  /** Database on the bulk writer's role. */
  readonly writer: Database;
  readonly outbox: Outbox;
  readonly assess: AssessHouseholds;
  readonly clock: Clock;
}

/**
 * Loads households line by line; answers when all is stored and acknowledged by the bus. A bad line stops the load; what
 * came before it stays, and the load can be repeated.
 */
export async function loadHouseholds(lines: AsyncIterable<string>, parts: LoadParts): Promise<Loaded> {
  const total: Loaded = { households: 0, entries: 0, newHouseholds: 0, newEntries: 0, differing: 0 };
  for await (const batch of batchesOf(lines)) {
    if (parts.outbox.health().inFlight >= MOST_IN_FLIGHT) await parts.outbox.drained();
    const stored = await storeWithPatience(batch, parts);
    total.households += batch.length;
    for (const line of batch) total.entries += line.entries.length;
    total.newHouseholds += stored.newHouseholds;
    total.newEntries += stored.newEntries;
    total.differing += stored.differing;
  }
  await parts.outbox.drained();
  return total;
}

async function* batchesOf(lines: AsyncIterable<string>): AsyncIterable<HouseholdLine[]> {
  let batch = new Map<number, HouseholdLine>();
  let lineNo = 0;
  for await (const text of lines) {
    lineNo += 1;
    if (text.trim() === '') continue;
    const line = readHouseholdLine(text, lineNo);
    // A household's second line belongs to a later transaction, which sees the first.
    if (batch.size === BATCH || batch.has(line.householdId)) {
      yield [...batch.values()];
      batch = new Map();
    }
    batch.set(line.householdId, line);
  }
  if (batch.size > 0) yield [...batch.values()];
}

async function storeWithPatience(batch: readonly HouseholdLine[], parts: LoadParts): Promise<StoredBatch> {
  const month = monthOfDay(shanghaiDay(parts.clock.now()));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await parts.writer.transaction(cellScope(WHO), (tx) =>
        storeBatch(tx, batch, parts.assess, { month, by: WHO }),
      );
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransientDatabaseError(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, attempt * 200));
    }
  }
}
