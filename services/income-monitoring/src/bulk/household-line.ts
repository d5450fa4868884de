/**
 * One line of a bulk load: a household with all its entries, as JSON:
 * `{householdId, dutyCode, persons?, sourceKey, entries: [{kind, from, to, amountFen, source}]}`. Without `persons` the figure
 * waits for the household's profile. Entries get keys of (line's key, kind, first month), so that a repeat changes nothing.
 */
import { InvalidFields, readJson, UnusableJson, type FieldProblem } from '@fangpin/domain-kit';
import { findMonth, monthText, type Month } from '../ledger/month.js';
import { isHouseholdId, isObject, isShortText, readEntry, type NewEntry } from '../ledger/new-entry.js';

export interface HouseholdLine {
  readonly householdId: number;
  readonly dutyCode: number;
  /** 0 where the line does not say. */
  readonly persons: number;
  readonly entries: readonly NewEntry[];
}

const FIELDS = ['householdId', 'dutyCode', 'persons', 'sourceKey', 'entries'];
const MAX_DUTY_CODE = 10 ** 15;
const MAX_PERSONS = 1_000;
/** A bulk load may hold plans; only what no calendar reaches is refused. */
const LATEST = findMonth('2099-12') as Month;

/** Reads a line; refuses it whole, naming every bad field as `line 7: entries[2].amountFen`. */
export function readHouseholdLine(text: string, lineNo: number): HouseholdLine {
  const path = `line ${lineNo}: `;
  const row = parse(text, path);
  const problems: FieldProblem[] = Object.keys(row)
    .filter((field) => !FIELDS.includes(field))
    .map((field) => ({ field: path + field, value: row[field], rule: 'is not a known member' }));
  const check = (ok: boolean, field: string, rule: string): void => {
    if (!ok) problems.push({ field: path + field, value: row[field], rule });
  };
  const { householdId, dutyCode, persons = 0, sourceKey, entries } = row;
  check(isHouseholdId(householdId), 'householdId', 'must be a household id (a positive integer)');
  check(isWhole(dutyCode, MAX_DUTY_CODE - 1) && dutyCode > 0, 'dutyCode', 'must be a duty code of 15 digits');
  check(isWhole(persons, MAX_PERSONS), 'persons', `must be a whole number from 0 to ${MAX_PERSONS}`);
  check(isShortText(sourceKey), 'sourceKey', 'must be a text of 1 to 100 characters');
  check(Array.isArray(entries), 'entries', 'must be a list');
  if (problems.length > 0) throw new InvalidFields(problems);
  const household = { householdId: householdId as number, dutyCode: dutyCode as number, persons: persons as number };
  return { ...household, entries: readEntries(household.householdId, String(sourceKey), entries as unknown[], path) };
}

function readEntries(householdId: number, lineKey: string, rows: readonly unknown[], path: string): NewEntry[] {
  const problems: FieldProblem[] = [];
  const seen = new Map<string, number>();
  const entries: NewEntry[] = [];
  rows.forEach((row, index) => {
    const own = isObject(row) ? { sourceKey: lineKey, ...row, householdId } : row;
    const entry = readEntry(own, `${path}entries[${index}].`, LATEST, problems);
    if (entry === undefined) return;
    const key = entry.sourceKey === lineKey ? `${lineKey}/${entry.kind}/${monthText(entry.from)}` : entry.sourceKey;
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    entries.push({ ...entry, sourceKey: nth === 1 ? key : `${key}/${nth}` });
  });
  if (problems.length > 0) throw new InvalidFields(problems);
  return entries;
}

function parse(text: string, path: string): Record<string, unknown> {
  let row: unknown;
  try {
    row = readJson(text);
  } catch (error) {
    if (error instanceof UnusableJson)
      throw new InvalidFields([{ field: path + error.field, value: null, rule: error.rule }]);
    row = undefined;
  }
  if (!isObject(row))
    throw new InvalidFields([{ field: path.trim(), value: typeof row, rule: 'must be a JSON object' }]);
  return row;
}

function isWhole(value: unknown, max: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= max;
}
