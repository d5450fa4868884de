/** A whole bulk load: NDJSON lines in, one answer a line out, a batch a transaction, publishing beside the next batch. */
import type { Outbox } from '@fangpin/messaging';
import type { IdentityKey } from '@fangpin/service-kit';
import { readHouseholdLine, type ReadLine } from './household-line.js';
import { loadHouseholds, type BulkLoadParts, type LoadedHousehold } from './load-households.js';

export const BATCH = 4_000;

export interface LoadTotals {
  readonly households: number;
  readonly persons: number;
  /** How many were new. */
  readonly stored: number;
}

/**
 * Loads all lines. A bad line ends the load with its number and fields; batches before it stay, and a repeat with the line
 * mended stores the rest. Memory stays at about two batches.
 */
export async function loadStream(
  parts: BulkLoadParts & {
    readonly outbox: Pick<Outbox, 'addReference' | 'drained'>;
    readonly identityKey: IdentityKey;
  },
  lines: AsyncIterable<string>,
  answer: (households: readonly LoadedHousehold[]) => Promise<void>,
): Promise<LoadTotals> {
  const totals = { households: 0, persons: 0, stored: 0 };
  let publishing: Promise<void> = Promise.resolve();
  const flush = async (batch: readonly ReadLine[]): Promise<void> => {
    const loaded = await loadHouseholds(parts, batch);
    await publishing;
    publishing = parts.outbox.drained();
    totals.households += batch.length;
    totals.persons += batch.reduce((sum, line) => sum + line.members.length, 0);
    totals.stored += loaded.stored;
    await answer(loaded.households);
  };
  let batch: ReadLine[] = [];
  let lineNumber = 0;
  for await (const text of lines) {
    if (text.trim() !== '') batch.push(readHouseholdLine(text, lineNumber, parts.clock.now(), parts.identityKey));
    lineNumber += 1;
    if (batch.length === BATCH) {
      await flush(batch);
      batch = [];
    }
  }
  if (batch.length > 0) await flush(batch);
  await publishing;
  return totals;
}
