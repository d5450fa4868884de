import { Injectable } from '@nestjs/common';
import type { Tx } from '@fangpin/persistence';
import { AssessHouseholds } from '../assessments/assess-households.js';
import { takeLedger } from './ledger-lock.js';
import { HouseholdsNotFound, SourceKeyReused } from './ledger.errors.js';
import { sameFact, type NewEntry } from './new-entry.js';
import type { EntryKind } from './entry-kinds.js';

export interface RecordedEntry {
  readonly entryId: number;
  readonly householdId: number;
  readonly sourceKey: string;
  /** True where the ledger held the fact before. */
  readonly repeated: boolean;
}

export interface RecordOptions {
  /** Account that enters. */
  readonly by: string;
  /** Path of the n-th entry in the sender's words, in front of a field name. */
  readonly pathOf: (index: number) => string;
}

interface StoredRow {
  entry_id: number;
  household_id: number;
  kind: EntryKind;
  from_month: number;
  to_month: number;
  amount_fen: number;
  source: string;
  source_key: string;
}

/** Enters facts into the ledger and assesses their households anew; all of them or none. */
@Injectable()
export class RecordEntries {
  constructor(private readonly assess: AssessHouseholds) {}

  /** Refuses households outside the transaction's scope (404) and source keys that name another fact (409). */
  async execute(tx: Tx, entries: readonly NewEntry[], { by, pathOf }: RecordOptions): Promise<RecordedEntry[]> {
    await takeLedger(tx, 'shared');
    const places = await lockHouseholds(tx, entries, pathOf);
    const inserted = new Set(await insertNew(tx, entries, places, by));
    const stored = await findStored(tx, entries);
    const known = entries.map((entry) => stored.get(keyOf(entry)));
    const clashes = entries.flatMap((entry, i) =>
      sameFact(entry, factOf(known[i] as StoredRow)) ? [] : [`${pathOf(i)}sourceKey`],
    );
    if (clashes.length > 0) throw new SourceKeyReused(clashes);
    if (inserted.size > 0) await this.assess.execute(tx, [...places.keys()]);
    return (known as StoredRow[]).map((row) => ({
      entryId: row.entry_id,
      householdId: row.household_id,
      sourceKey: row.source_key,
      repeated: !inserted.has(row.entry_id),
    }));
  }
}

/** Locks the households in the order of their ids, so that two requests never wait for each other. */
async function lockHouseholds(
  tx: Tx,
  entries: readonly NewEntry[],
  pathOf: (index: number) => string,
): Promise<Map<number, number>> {
  const rows = await tx.query<{ household_id: number; duty_code: number }>(
    'SELECT household_id, duty_code FROM households WHERE household_id = ANY($1) ORDER BY household_id FOR UPDATE',
    [[...new Set(entries.map((entry) => entry.householdId))]],
  );
  const places = new Map(rows.map((row) => [row.household_id, row.duty_code]));
  const missing = entries.flatMap(({ householdId }, i) =>
    places.has(householdId) ? [] : [{ field: `${pathOf(i)}householdId`, value: householdId }],
  );
  if (missing.length > 0) throw new HouseholdsNotFound(missing);
  return places;
}

async function insertNew(
  tx: Tx,
  entries: readonly NewEntry[],
  places: ReadonlyMap<number, number>,
  by: string,
): Promise<number[]> {
  const rows = await tx.query<{ entry_id: number }>(
    `INSERT INTO income_entries
       (household_id, duty_code, kind, from_month, to_month, amount_fen, source, source_key, recorded_by)
     SELECT e.*, $9 FROM unnest($1::bigint[], $2::bigint[], $3::entry_kind[], $4::int[], $5::int[], $6::bigint[],
       $7::text[], $8::text[]) AS e
     ON CONFLICT ON CONSTRAINT income_entries_source_key DO NOTHING
     RETURNING entry_id`,
    [
      entries.map((e) => e.householdId),
      entries.map((e) => places.get(e.householdId)),
      entries.map((e) => e.kind),
      entries.map((e) => e.from),
      entries.map((e) => e.to),
      entries.map((e) => e.amountFen),
      entries.map((e) => e.source),
      entries.map((e) => e.sourceKey),
      by,
    ],
  );
  return rows.map((row) => row.entry_id);
}

async function findStored(tx: Tx, entries: readonly NewEntry[]): Promise<Map<string, StoredRow>> {
  const rows = await tx.query<StoredRow>(
    `SELECT i.entry_id, i.household_id, i.kind, i.from_month, i.to_month, i.amount_fen, i.source, i.source_key
     FROM unnest($1::bigint[], $2::text[]) AS wanted (household_id, source_key)
     JOIN income_entries i USING (household_id, source_key)`,
    [entries.map((e) => e.householdId), entries.map((e) => e.sourceKey)],
  );
  return new Map(rows.map((row) => [keyOf({ householdId: row.household_id, sourceKey: row.source_key }), row]));
}

const keyOf = ({ householdId, sourceKey }: Pick<NewEntry, 'householdId' | 'sourceKey'>): string =>
  `${householdId}/${sourceKey}`;

function factOf(row: StoredRow): Omit<NewEntry, 'sourceKey'> {
  return {
    householdId: row.household_id,
    kind: row.kind,
    from: row.from_month as NewEntry['from'],
    to: row.to_month as NewEntry['to'],
    amountFen: row.amount_fen,
    source: row.source,
  };
}
