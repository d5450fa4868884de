/** Rows of a market's price sheet, and what is wrong with those that are refused. */
import { findMarketProductByName } from '@fangpin/contracts';
import { isDay } from '@fangpin/domain-kit';
import { clip } from '../intake/clip.js';
import { fenPerTonne, findPriceUnit, MAX_FEN_PER_KG } from './price-unit.js';

export const rowFields = ['product', 'market', 'unit', 'date', 'price'] as const;
export type RowField = (typeof rowFields)[number];
/** A row as it came: text from CSV, text or a number from JSON. */
export type StatedRow = Readonly<Partial<Record<RowField, unknown>>>;

export interface PriceRow {
  /** Code of libs/contracts. */
  readonly product: number;
  readonly market: string;
  readonly day: string;
  readonly fenPerTonne: number;
  readonly priceStated: string;
  readonly unitStated: string;
}

export interface RowProblem {
  /** Position among the data rows, from 1. */
  readonly row: number;
  readonly field: RowField;
  readonly value: unknown;
  readonly rule: string;
}

export interface CheckedRows {
  readonly accepted: readonly PriceRow[];
  readonly errors: readonly RowProblem[];
}

const MAX_MARKET_LENGTH = 60;
const SHOWN_LENGTH = 60;
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Accepts the rows that are right and names every bad field of the others. `today` is the last day a price can be of. */
export function checkRows(rows: readonly StatedRow[], today: string): CheckedRows {
  const accepted: PriceRow[] = [];
  const errors: RowProblem[] = [];
  rows.forEach((row, i) => {
    const bad: RowProblem[] = [];
    const refuse = (field: RowField, rule: string): undefined => {
      bad.push({ row: i + 1, field, value: shown(row[field]), rule });
      return undefined;
    };
    const read = readRow(row, today, refuse);
    if (read === undefined || bad.length > 0) errors.push(...bad);
    else accepted.push(read);
  });
  return { accepted, errors };
}

function readRow(
  row: StatedRow,
  today: string,
  refuse: (field: RowField, rule: string) => undefined,
): PriceRow | undefined {
  const text = (field: RowField): string => (typeof row[field] === 'string' ? row[field].trim() : '');
  const product = findMarketProductByName(text('product'));
  if (product === undefined) refuse('product', 'unknown product');
  const market = text('market');
  if (market === '') refuse('market', 'must name the market');
  else if (market.length > MAX_MARKET_LENGTH || CONTROL.test(market) || !market.isWellFormed())
    refuse('market', `must be at most ${MAX_MARKET_LENGTH} characters without control characters`);
  const unit = findPriceUnit(text('unit'));
  if (unit === undefined) refuse('unit', 'must be a price by weight: 元/公斤, 元/千克, 元/斤, 元/吨, yuan/kg, 斤');
  const day = dayOf(text('date'));
  if (!isDay(day)) refuse('date', 'must be a day as YYYY-MM-DD');
  else if (day > today) refuse('date', 'must not lie in the future');
  else if (day < '1990-01-01') refuse('date', 'must not lie before 1990');
  const price = priceText(row.price);
  const fen = price === undefined || unit === undefined ? undefined : fenPerTonne(price, unit);
  if (price === undefined || (unit !== undefined && fen === undefined))
    refuse('price', `must be a decimal above 0, at most ${MAX_FEN_PER_KG / 100} yuan per kg`);
  if (product === undefined || fen === undefined || price === undefined) return undefined;
  return { product: product.code, market, day, fenPerTonne: fen, priceStated: price, unitStated: text('unit') };
}

/** The price as decimal text; a price that is no plain positive decimal is none. */
function priceText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return /^\d{1,9}(?:\.\d+)?$/.test(text) ? text.replace(/(\.\d{9})\d+$/, '$1') : undefined;
}

/** `2021/1/5` and `2021-01-05 00:00:00` as `2021-01-05`; any other text as it is. */
function dayOf(text: string): string {
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]00:00(?::00)?)?$/.exec(text);
  if (match === null) return text;
  const [, year = '', month = '', day = ''] = match;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return clip(value, SHOWN_LENGTH);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return value === undefined || value === null ? null : typeof value;
}
