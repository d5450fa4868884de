import { arrayLiteral, type Tx } from '@fangpin/persistence';

type ColumnType = 'bigint' | 'int' | 'smallint' | 'text' | 'boolean' | 'timestamptz';

/** Rows gathered column by column, so that one statement stores them all. */
export class Columns {
  readonly #names: readonly string[];
  readonly #values: unknown[][];

  constructor(private readonly columns: Readonly<Record<string, ColumnType>>) {
    this.#names = Object.keys(columns);
    this.#values = this.#names.map(() => []);
  }

  get size(): number {
    return this.#values[0]?.length ?? 0;
  }

  add(row: readonly unknown[]): void {
    if (row.length !== this.#names.length)
      throw new RangeError(`${row.length} values for ${this.#names.length} columns`);
    for (const [at, value] of row.entries()) this.#values[at]?.push(value);
  }

  /** Inserts the rows; where `key` names the unique columns, a row that is there takes the values of the new one. */
  async insertInto(tx: Tx, table: string, key?: string): Promise<void> {
    if (this.size === 0) return;
    const casts = this.#names.map((name, at) => `$${at + 1}::${this.columns[name]}[]`);
    const keys = new Set(key?.split(', '));
    const changed = this.#names.filter((name) => !keys.has(name)).map((name) => `${name} = excluded.${name}`);
    await tx.execute(
      `INSERT INTO ${table} (${this.#names.join(', ')}) SELECT * FROM unnest(${casts.join(', ')})
       ${key === undefined ? '' : `ON CONFLICT (${key}) DO UPDATE SET ${changed.join(', ')}`}`,
      this.#values.map(asParameter),
    );
  }
}

/** Numbers as one text: the driver escapes array elements one by one. */
function asParameter(values: readonly unknown[]): unknown {
  return values.every((value) => typeof value === 'number') ? arrayLiteral(values) : values;
}
