import type { Tx } from '@fangpin/persistence';

/** `moment`: milliseconds since 1970, stored as timestamptz; `word`: letters and hyphens, nothing that would need quotes. */
export type ColumnType = 'bigint' | 'int' | 'smallint' | 'boolean' | 'moment' | 'word';
type Value = number | boolean | string | null;

const WORD = /^[a-z][a-z-]*$/;

/**
 * Rows gathered column by column, so that one statement stores them all. Each column is one text: the driver escapes the elements
 * of an array one by one, which for thousands of rows takes longer than the statement.
 */
export class Columns {
  readonly #names: readonly string[];
  readonly #values: Value[][];

  constructor(private readonly columns: Readonly<Record<string, ColumnType>>) {
    this.#names = Object.keys(columns);
    this.#values = this.#names.map(() => []);
  }

  get size(): number {
    return this.#values[0]?.length ?? 0;
  }

  add(row: readonly Value[]): void {
    if (row.length !== this.#names.length)
      throw new RangeError(`${row.length} values for ${this.#names.length} columns`);
    for (const [at, value] of row.entries()) {
      if (typeof value === 'string' && !WORD.test(value)) throw new RangeError(`${value} is no word`);
      this.#values[at]?.push(value);
    }
  }

  /** Inserts the rows; where `key` names the unique columns, a row that is there takes the values of the new one. */
  async insertInto(tx: Tx, table: string, key?: string): Promise<void> {
    if (this.size === 0) return;
    const keys = new Set(key?.split(', '));
    const changed = this.#names.filter((name) => !keys.has(name)).map((name) => `${name} = excluded.${name}`);
    await tx.execute(
      `INSERT INTO ${table} (${this.#names.join(', ')})
       SELECT ${this.#names.map((name) => this.#selected(name)).join(', ')}
       FROM unnest(${this.#names.map((name, at) => `$${at + 1}::${this.#sent(name)}[]`).join(', ')})
         AS given (${this.#names.join(', ')})
       ${key === undefined ? '' : `ON CONFLICT (${key}) DO UPDATE SET ${changed.join(', ')}`}`,
      this.#values.map((values) => `{${values.map((value) => value ?? 'NULL').join(',')}}`),
    );
  }

  #sent(name: string): string {
    const type = this.columns[name];
    return type === 'moment' ? 'bigint' : type === 'word' ? 'text' : String(type);
  }

  #selected(name: string): string {
    return this.columns[name] === 'moment' ? `to_timestamp(${name} / 1000.0)` : name;
  }
}

/** A timestamptz as milliseconds since 1970, which a page of rows reads far faster than as dates. */
export function millisOf(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::bigint AS ${column}`;
}
