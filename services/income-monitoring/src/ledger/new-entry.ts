/**
 * Entries as senders write them, read into the ledger's own words. Used for HTTP bodies and for bulk lines alike: a plain
 * function over a plain object, since a thousand rows in one body are common. Names every bad field, with its path.
 */
import { createHash } from 'node:crypto';
import {
  FREE_TEXT_RULE,
  holdsIdNumber,
  holdsPersonalNumber,
  InvalidFields,
  SENT_KEY_RULE,
  tellable,
  type FieldProblem,
} from '@fangpin/domain-kit';
import { entryKindNames, isEntryKind, type EntryKind } from './entry-kinds.js';
import { findMonth, monthText, type Month } from './month.js';
import { MAX_AMOUNT_FEN, MAX_SPAN_MONTHS } from './spread.rule.js';

export interface NewEntry {
  readonly householdId: number;
  readonly kind: EntryKind;
  readonly from: Month;
  readonly to: Month;
  readonly amountFen: number;
  readonly source: string;
  /** The sender's own name for the fact, or one derived from its content; unique within the household. */
  readonly sourceKey: string;
}

export const MAX_ENTRIES_A_REQUEST = 1000;
const EARLIEST = findMonth('2000-01') as Month;
const TEXT_RULE = 'must be a text of 1 to 100 characters without line breaks';
const ENTRY_FIELDS = ['householdId', 'kind', 'from', 'to', 'amountFen', 'source', 'sourceKey'];

/**
 * Reads a body of one entry or of `{entries: […]}` with 1 to 1000. `latest` is the last month that may be entered.
 * Refuses unknown members, unknown kinds, wrong months, amounts that are negative, broken or too large.
 */
export function readEntries(body: unknown, latest: Month): NewEntry[] {
  if (!isObject(body)) throw new InvalidFields([{ field: '', value: typeof body, rule: 'must be a JSON object' }]);
  if (!('entries' in body)) return readAll([body], () => '', latest);
  const { entries, ...others } = body;
  const problems: FieldProblem[] = Object.keys(others).map((field) => unknownMember(field, others[field]));
  if (!Array.isArray(entries) || entries.length < 1 || entries.length > MAX_ENTRIES_A_REQUEST) {
    const rule = `must be a list of 1 to ${MAX_ENTRIES_A_REQUEST} entries`;
    problems.push({ field: 'entries', value: Array.isArray(entries) ? entries.length : typeof entries, rule });
  }
  if (problems.length > 0) throw new InvalidFields(problems);
  return readAll(entries as unknown[], (index) => `entries[${index}].`, latest);
}

function readAll(rows: readonly unknown[], pathOf: (index: number) => string, latest: Month): NewEntry[] {
  const problems: FieldProblem[] = [];
  const read = rows.map((row, index) => readEntry(row, pathOf(index), latest, problems));
  if (problems.length > 0) throw new InvalidFields(problems);
  return read as NewEntry[];
}

/** Reads one entry; adds what is wrong to `problems` and then answers undefined. */
export function readEntry(row: unknown, path: string, latest: Month, problems: FieldProblem[]): NewEntry | undefined {
  if (!isObject(row)) {
    problems.push({ field: path.replace(/\.$/, ''), value: typeof row, rule: 'must be an object' });
    return undefined;
  }
  const before = problems.length;
  const check = (ok: boolean, field: string, rule: string): boolean => {
    if (!ok) problems.push({ field: path + field, value: tellable(row[field]), rule });
    return ok;
  };
  for (const field of Object.keys(row))
    if (!ENTRY_FIELDS.includes(field)) problems.push(unknownMember(path + field, row[field]));
  check(isHouseholdId(row.householdId), 'householdId', 'must be a household id (a positive integer)');
  check(isEntryKind(row.kind), 'kind', `must be one of ${entryKindNames.join(', ')}`);
  readMonths(row, check, latest);
  const { amountFen } = row;
  const amountIsGood = Number.isSafeInteger(amountFen) && Number(amountFen) >= 0 && Number(amountFen) <= MAX_AMOUNT_FEN;
  check(amountIsGood, 'amountFen', `must be a whole number of fen from 0 to ${MAX_AMOUNT_FEN}`);
  check(isShortText(row.source), 'source', TEXT_RULE);
  check(row.sourceKey === undefined || isShortText(row.sourceKey), 'sourceKey', TEXT_RULE);
  if (isShortText(row.source)) check(!holdsPersonalNumber(row.source), 'source', FREE_TEXT_RULE);
  if (isShortText(row.sourceKey)) check(!holdsIdNumber(row.sourceKey), 'sourceKey', SENT_KEY_RULE);
  if (problems.length > before) return undefined;
  const entry = {
    householdId: row.householdId as number,
    kind: row.kind as EntryKind,
    from: findMonth(row.from) as Month,
    to: findMonth(row.to) as Month,
    amountFen: amountFen as number,
    source: row.source as string,
  };
  return { ...entry, sourceKey: (row.sourceKey as string | undefined) ?? contentKey(entry) };
}

type Check = (ok: boolean, field: string, rule: string) => boolean;

function readMonths(row: Record<string, unknown>, check: Check, latest: Month): void {
  const rule = `must be a month YYYY-MM from ${monthText(EARLIEST)} to ${monthText(latest)}`;
  const [from, to] = (['from', 'to'] as const).map((field) => {
    const month = findMonth(row[field]);
    return check(month !== undefined && month >= EARLIEST && month <= latest, field, rule) ? month : undefined;
  });
  if (from === undefined || to === undefined) return;
  if (check(from <= to, 'to', 'must not be before from'))
    check(to - from < MAX_SPAN_MONTHS, 'to', `must be within ${MAX_SPAN_MONTHS} months of from`);
}

/** Without a key of the sender's, an entry with the same content is the same entry. */
function contentKey(entry: Omit<NewEntry, 'sourceKey'>): string {
  const content = [entry.householdId, entry.kind, entry.from, entry.to, entry.amountFen, entry.source];
  return `sha256:${createHash('sha256').update(JSON.stringify(content)).digest('hex')}`;
}

/** Whether two entries under one key state the same fact. */
export function sameFact(one: NewEntry, other: Omit<NewEntry, 'sourceKey'>): boolean {
  return (['householdId', 'kind', 'from', 'to', 'amountFen', 'source'] as const).every((f) => one[f] === other[f]);
}

export function isHouseholdId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One line: no control character. */
export function isShortText(value: unknown): value is string {
  return typeof value === 'string' && /^[^\p{Cc}]{1,100}$/u.test(value) && value.trim() !== '';
}

function unknownMember(field: string, value: unknown): FieldProblem {
  return { field, value: tellable(value), rule: 'is not a known member' };
}
