import { Injectable } from '@nestjs/common';
import { InvalidFields, InvalidValue, NotFound } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { AssessHouseholds } from '../assessments/assess-households.js';
import { IncomeEntryEntity } from './income-entry.entity.js';
import { takeLedger } from './ledger-lock.js';
import { EntryNotCorrectable } from './ledger.errors.js';
import type { Month } from './month.js';
import { isObject, readEntries, sameFact, type NewEntry } from './new-entry.js';
import { RecordEntries } from './record-entries.js';

export interface Correction {
  readonly reversalId: number;
  readonly replacementId: number | null;
}

/** Takes an entry back by a reversing one and, where the right fact is known, enters that. Nothing is ever overwritten. */
@Injectable()
export class CorrectEntry {
  constructor(
    private readonly record: RecordEntries,
    private readonly assess: AssessHouseholds,
  ) {}

  /** Refuses an entry outside the scope (404), one corrected before or itself a reversal (409), an unchanged replacement. */
  async execute(tx: Tx, entryId: number, body: unknown, latest: Month, by: string): Promise<Correction> {
    await takeLedger(tx, 'shared');
    const entries = tx.manager.getRepository(IncomeEntryEntity);
    const wrong = await entries.findOneBy({ entryId });
    if (wrong === null) throw new NotFound('income entry', String(entryId));
    if (wrong.reversesEntryId !== null) throw new EntryNotCorrectable(entryId, 'a reversal');
    const replacement = readReplacement(body, wrong, latest);
    // The household's lock lets one correction of an entry through at a time.
    await tx.query('SELECT 1 FROM households WHERE household_id = $1 FOR UPDATE', [wrong.householdId]);
    if (await entries.existsBy({ reversesEntryId: entryId }))
      throw new EntryNotCorrectable(entryId, 'already corrected');
    const [reversal] = await tx.query<{ entry_id: number }>(
      `INSERT INTO income_entries (household_id, duty_code, kind, from_month, to_month, amount_fen, source, source_key,
         reverses_entry_id, recorded_by)
       SELECT household_id, duty_code, kind, from_month, to_month, -amount_fen, source, 'reverses:' || entry_id, entry_id, $2
       FROM income_entries WHERE entry_id = $1 RETURNING entry_id`,
      [entryId, by],
    );
    const reversalId = (reversal as { entry_id: number }).entry_id;
    if (replacement === undefined) {
      await this.assess.execute(tx, [wrong.householdId]);
      return { reversalId, replacementId: null };
    }
    const [recorded] = await this.record.execute(tx, [replacement], { by, pathOf: () => 'replacement.' });
    return { reversalId, replacementId: recorded?.entryId ?? null };
  }
}

function readReplacement(body: unknown, wrong: IncomeEntryEntity, latest: Month): NewEntry | undefined {
  if (!isObject(body)) throw new InvalidFields([{ field: '', value: typeof body, rule: 'must be a JSON object' }]);
  const { replacement, ...others } = body;
  const unknown = Object.keys(others).map((field) => ({ field, value: others[field], rule: 'is not a known member' }));
  if (unknown.length > 0) throw new InvalidFields(unknown);
  if (replacement === undefined || replacement === null) return undefined;
  if (!isObject(replacement) || 'entries' in replacement)
    throw new InvalidValue('replacement', typeof replacement, 'must be one entry');
  // A correction stays with its household, and one entry is replaced once: the key says so.
  const [entry] = readWithPath(
    { sourceKey: `replaces:${wrong.entryId}`, ...replacement, householdId: wrong.householdId },
    latest,
  );
  const fact = { ...wrong, from: wrong.from as Month, to: wrong.to as Month };
  if (sameFact(entry as NewEntry, fact))
    throw new InvalidValue('replacement', 'the same', 'must differ from the entry that it replaces');
  return entry;
}

function readWithPath(row: unknown, latest: Month): NewEntry[] {
  try {
    return readEntries(row, latest);
  } catch (error) {
    if (!(error instanceof InvalidFields)) throw error;
    throw new InvalidFields(error.problems.map((problem) => ({ ...problem, field: `replacement.${problem.field}` })));
  }
}
