/** A price sheet as CSV or JSON into rows. Feeds may carry columns and members that nobody here knows. */
import { InvalidFields, InvalidValue, type FieldProblem } from '@fangpin/domain-kit';
import { CsvError, parse } from 'csv-parse/sync';
import { rowFields, type RowField, type StatedRow } from './price-row.js';

export const MAX_ROWS = 200_000;

/** Names of columns and members as Chinese sheets have them; a field's own name wins. */
const FIELD_NAMES: Readonly<Record<RowField, readonly string[]>> = {
  product: ['product', '品名', '品种', '产品', '商品名称', '名称'],
  market: ['market', '市场', '市场名称', '批发市场'],
  unit: ['unit', '单位', '计量单位'],
  date: ['date', '发布日期', '日期', '时间'],
  price: ['price', '平均价', '均价', '价格'],
};

/**
 * Rows of a CSV text with a header row. `market` is that of a sheet without such a column. Refuses text that is no CSV and a
 * header that lacks a column.
 */
export function rowsOfCsv(bytes: Uint8Array, charset?: string, market?: string): StatedRow[] {
  const records = parseCsv(decode(bytes, charset));
  const header = (records.shift() ?? []).map((name) => name.trim());
  const columns = rowFields.map((field) => [field, columnOf(header, field)] as const);
  const missing = columns.filter(([field, at]) => at < 0 && !(field === 'market' && market !== undefined));
  if (missing.length > 0)
    throw new InvalidFields(
      missing.map(([field]): FieldProblem => ({ field: `header.${field}`, value: null, rule: 'column is missing' })),
      'PRICES.HEADER',
    );
  return bounded(records).map((record) =>
    withMarket(Object.fromEntries(columns.flatMap(([field, at]) => (at < 0 ? [] : [[field, record[at]]]))), market),
  );
}

/** Rows of `{rows: [{product, market, unit, date, price}]}`; `market` is that of rows without one. */
export function rowsOfJson(body: unknown, market?: string): StatedRow[] {
  const rows = typeof body === 'object' && body !== null ? (body as { rows?: unknown }).rows : undefined;
  if (!Array.isArray(rows))
    throw new InvalidValue('rows', rows === undefined ? null : typeof rows, 'must be a list of price rows');
  return bounded(rows).map((row) =>
    typeof row === 'object' && row !== null ? withMarket(memberwise(row as Record<string, unknown>), market) : {},
  );
}

function columnOf(header: readonly string[], field: RowField): number {
  const name = FIELD_NAMES[field].find((one) => header.includes(one));
  return name === undefined ? -1 : header.indexOf(name);
}

function memberwise(row: Readonly<Record<string, unknown>>): StatedRow {
  return Object.fromEntries(
    rowFields.flatMap((field) => {
      const name = FIELD_NAMES[field].find((one) => Object.hasOwn(row, one));
      return name === undefined ? [] : [[field, row[name]]];
    }),
  );
}

function withMarket(row: StatedRow, market: string | undefined): StatedRow {
  return market === undefined || (row.market !== undefined && row.market !== '') ? row : { ...row, market };
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
