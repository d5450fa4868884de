/** Rows of which the columns are known, stored set by set. */
import { CopyWriter, type Tx } from '@fangpin/persistence';

/** `moment`: milliseconds since 1970, stored as timestamptz. */
export type ColumnType = 'bigint' | 'int' | 'smallint' | 'boolean' | 'moment' | 'text';
type Value = number | boolean | string | null;

/** Of each column its type, and its value in a row. */
export type ColumnsOf<T> = Readonly<Record<string, readonly [ColumnType, (row: T) => Value]>>;

interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly values: readonly Value[];
  /** Whether all rows have the first one's. */
  readonly alike: boolean;
}

/**
 * Inserts rows by one statement; where `key` names the unique columns, a row that is there takes the values of the new one. A column that is
 * the same in all rows is sent once: of what one shock does to a township most are, and the server takes apart and copies every value. COPY is no
 * faster, and asks for a role that no scope holds.
 */
export async function insertRows<T>(
  tx: Tx,
  table: string,
  columns: ColumnsOf<T>,
  rows: readonly T[],
  key?: string,
): Promise<void> {
  if (rows.length === 0) return;
  const [first, ...others] = Object.entries(columns).map(([name, [type, valueOf]]) =>
    columnOf(name, type, rows, valueOf),
  );
  if (first === undefined) return;
  // The first goes row by row in any case: it says how many there are.
  const given = [{ ...first, alike: false }, ...others].map((column, at) => ({
    ...column,
    placed: `$${at + 1}::${TYPES[column.type].sql}`,
  }));
  const byRow = given.filter(({ alike }) => !alike);
  const keys = new Set(key?.split(', '));
  const changed = given.filter(({ name }) => !keys.has(name)).map(({ name }) => `${name} = excluded.${name}`);
  await tx.execute(
    `INSERT INTO ${table} (${given.map(({ name }) => name).join(', ')})
     SELECT ${given.map(({ name, alike, placed }) => (alike ? placed : `given.${name}`)).join(', ')}
     FROM unnest(${byRow.map(({ placed }) => `${placed}[]`).join(', ')}) AS given (${byRow.map(({ name }) => name).join(', ')})
     ${key === undefined ? '' : `ON CONFLICT (${key}) DO UPDATE SET ${changed.join(', ')}`}`,
    given.map((column) => (column.alike ? oneOf(column) : arrayOf(column))),
  );
}

function columnOf<T>(name: string, type: ColumnType, rows: readonly T[], valueOf: (row: T) => Value): Column {
  const values: Value[] = [];
  let alike = true;
  for (const row of rows) {
    const value = valueOf(row);
    values.push(value);
    alike &&= value === values[0];
  }
  return { name, type, values, alike };
}

interface Type {
  readonly sql: string;
  /** Its number at the server. */
  readonly oid: number;
  readonly write: (to: CopyWriter, value: never) => unknown;
}

const TYPES: Readonly<Record<ColumnType, Type>> = {
  bigint: { sql: 'bigint', oid: 20, write: (to, value: number) => to.int8(value) },
  int: { sql: 'int', oid: 23, write: (to, value: number) => to.int4(value) },
  smallint: { sql: 'smallint', oid: 21, write: (to, value: number) => to.int2(value) },
  boolean: { sql: 'boolean', oid: 16, write: (to, value: boolean) => to.bool(value) },
  moment: { sql: 'timestamptz', oid: 1184, write: (to, value: number) => to.timestamptz(value) },
  text: { sql: 'text', oid: 25, write: (to, value: string) => to.text(value) },
};

function oneOf({ type, values }: Column): Value | Date {
  const value = values[0] ?? null;
  return type === 'moment' && typeof value === 'number' ? new Date(value) : value;
}

const BYTES_A_VALUE = 12;

/** As the server keeps an array: what it holds, then value after value as in a row of a binary COPY. */
function arrayOf({ type, values }: Column): Buffer {
  const { oid, write } = TYPES[type];
  const head = Buffer.alloc(20);
  // One dimension, with nulls or without, numbered from 1.
  for (const [at, word] of [1, 1, oid, values.length, 1].entries()) head.writeInt32BE(word, at * 4);
  const body = CopyWriter.ofColumns(values.length * BYTES_A_VALUE);
  for (const value of values)
    if (value === null) body.nothing();
    else write(body, value as never);
  return Buffer.concat([head, body.take()]);
}

/** A timestamptz as milliseconds since 1970, which a page of rows reads far faster than as dates. */
export function millisOf(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::bigint AS ${column}`;
}
