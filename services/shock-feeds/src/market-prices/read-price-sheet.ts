/** A price sheet as CSV or JSON into rows. Feeds may carry columns and members that nobody here knows. */
import { InvalidFields, InvalidValue, type FieldProblem } from '@fangpin/domain-kit';
import { CsvError, parse } from 'csv-parse/sync';
import { rowFields, type StatedRow } from './price-row.js';

export const MAX_ROWS = 200_000;

/** Rows of a CSV text with a header row. Refuses text that is no CSV and a header that lacks a column. */
export function rowsOfCsv(bytes: Uint8Array, charset?: string): StatedRow[] {
  const records = parseCsv(decode(bytes, charset));
  const header = (records.shift() ?? []).map((name) => name.trim());
  const missing = rowFields.filter((field) => !header.includes(field));
  if (missing.length > 0)
    throw new InvalidFields(
      missing.map((field): FieldProblem => ({ field: `header.${field}`, value: null, rule: 'column is missing' })),
      'PRICES.HEADER',
    );
  const columns = rowFields.map((field) => [field, header.indexOf(field)] as const);
  return bounded(records).map((record) => Object.fromEntries(columns.map(([field, at]) => [field, record[at]])));
}

/** Rows of `{rows: [{product, market, unit, date, price}]}`. */
export function rowsOfJson(body: unknown): StatedRow[] {
  const rows = typeof body === 'object' && body !== null ? (body as { rows?: unknown }).rows : undefined;
  if (!Array.isArray(rows))
    throw new InvalidValue('rows', rows === undefined ? null : typeof rows, 'must be a list of price rows');
  return bounded(rows).map((row) => (typeof row === 'object' && row !== null ? (row as StatedRow) : {}));
}

function bounded<T>(rows: T[]): T[] {
  if (rows.length === 0) throw new InvalidValue('rows', 0, 'must hold at least one row');
  if (rows.length > MAX_ROWS) throw new InvalidValue('rows', rows.length, `must be at most ${MAX_ROWS} rows`);
  return rows;
}

function decode(bytes: Uint8Array, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidValue('body', null, `must be text in ${charset.slice(0, 40)}`);
  }
}

function parseCsv(text: string): string[][] {
  try {
    return parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true, max_record_size: 10_000 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InvalidValue('body', null, `must be CSV (${error.code})`);
  }
}
