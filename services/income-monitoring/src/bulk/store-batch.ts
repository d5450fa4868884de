import { copyInto, type Tx } from '@fangpin/persistence';
import type { AssessHouseholds } from '../assessments/assess-households.js';
import type { NewEntry } from '../ledger/new-entry.js';
import type { Month } from '../ledger/month.js';
import { takeLedger } from '../ledger/ledger-lock.js';
import type { HouseholdLine } from './household-line.js';

export interface StoredBatch {
  readonly newHouseholds: number;
  readonly newEntries: number;
  /** Entries whose key names another fact in the ledger: that one stays, only a correction replaces it. */
  readonly differing: number;
}

interface Place {
  household_id: number;
  duty_code: number;
}

/**
 * Stores a batch of households by COPY and assesses those that something was added to, in one transaction of the writer's
 * role. What the database holds already is left as it is: a profile that was heard counts for more than the line.
 */
export async function storeBatch(
  tx: Tx,
  lines: readonly HouseholdLine[],
  assess: AssessHouseholds,
  options: { readonly month: Month; readonly by: string },
): Promise<StoredBatch> {
  await takeLedger(tx, 'alone');
  const ids = lines.map((line) => line.householdId);
  const places = new Map(
    (
      await tx.query<Place>('SELECT household_id, duty_code FROM households WHERE household_id = ANY($1::bigint[])', [
        ids,
      ])
    ).map((row) => [row.household_id, row.duty_code]),
  );
  const newLines = lines.filter((line) => !places.has(line.householdId));
  for (const line of newLines) places.set(line.householdId, line.dutyCode);
  const known = await knownFacts(tx, ids);
  const entries = lines.flatMap((line) => line.entries);
  const newEntries = entries.filter((entry) => !known.has(keyOf(entry)));
  const differing = entries.filter((entry) => (known.get(keyOf(entry)) ?? factOf(entry)) !== factOf(entry)).length;
  await copyHouseholds(tx, newLines, options.month);
  await copyEntries(tx, newEntries, places, options.by);
  const touched = new Set([...newLines, ...newEntries].map((row) => row.householdId));
  await assess.execute(
    tx,
    [...touched].sort((a, b) => a - b),
  );
  return { newHouseholds: newLines.length, newEntries: newEntries.length, differing };
}

type KnownFacts = ReadonlyMap<string, string>;

async function knownFacts(tx: Tx, ids: readonly number[]): Promise<KnownFacts> {
  const rows = await tx.query<{ key: string; fact: string }>(
    `SELECT household_id || '/' || source_key AS key, kind || ' ' || from_month || ' ' || to_month || ' ' || amount_fen AS fact
     FROM income_entries WHERE household_id = ANY($1::bigint[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.key, row.fact]));
}

const keyOf = (entry: NewEntry): string => `${entry.householdId}/${entry.sourceKey}`;
const factOf = (entry: NewEntry): string => `${entry.kind} ${entry.from} ${entry.to} ${entry.amountFen}`;

async function copyHouseholds(tx: Tx, lines: readonly HouseholdLine[], month: Month): Promise<void> {
  if (lines.length === 0) return;
  const columns = '(household_id, duty_code, persons, state, profile_revision, assessed_month)';
  await copyInto(tx.client, `households ${columns}`, async (writer, flush) => {
    for (const { householdId, dutyCode, persons } of lines) {
      writer.row(6).int8(householdId).int8(dutyCode).int4(persons).text('active').int8(0).int4(month);
      await flush();
    }
  });
}

async function copyEntries(
  tx: Tx,
  entries: readonly NewEntry[],
  places: ReadonlyMap<number, number>,
  by: string,
): Promise<void> {
  if (entries.length === 0) return;
  const columns = '(household_id, duty_code, kind, from_month, to_month, amount_fen, source, source_key, recorded_by)';
  await copyInto(tx.client, `income_entries ${columns}`, async (writer, flush) => {
    for (const entry of entries) {
      writer
        .row(9)
        .int8(entry.householdId)
        .int8(places.get(entry.householdId) as number)
        .text(entry.kind);
      writer.int4(entry.from).int4(entry.to).int8(entry.amountFen);
      writer.text(entry.source).text(entry.sourceKey).text(by);
      await flush();
    }
  });
}
