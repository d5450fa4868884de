import { PackedValues } from './packed-values.js';

/**
 * Reads `COPY (…) TO STDOUT (FORMAT binary)` chunk by chunk. `feed` takes a chunk and calls `onRow` for each whole row in
 * it; the row's columns are read in order from the {@link CopyRow} cursor, which is only valid inside the call.
 */
const HEADER_BYTES = 19;

export class CopyRow {
  /** @internal Where the row is read; over all of the memory that the chunk lies in, which the chunks of one read of a socket share. */
  readonly values = new PackedValues();

  /** Length of the next column, or -1 for null; moves behind the length. */
  #next(): number {
    return this.values.int4();
  }

  int2(): number {
    this.#next();
    return this.values.int2();
  }

  int4(): number {
    this.#next();
    return this.values.int4();
  }

  /** A bigint that fits a safe integer. */
  int8(): number {
    this.#next();
    return this.values.int8();
  }

  /** As {@link int8}, or null. */
  int8OrNull(): number | null {
    return this.#next() < 0 ? null : this.values.int8();
  }

  /** Passes over columns that the caller does not need. */
  skip(columns: number): void {
    for (let i = 0; i < columns; i += 1) {
      // Not `offset += next()`: that would add to the offset as it was before the length was read.
      const length = this.#next();
      this.values.offset += Math.max(0, length);
    }
  }

  bool(): boolean {
    this.#next();
    return this.values.bool();
  }

  text(): string {
    const length = this.#next();
    const { view, offset } = this.values;
    const value = Buffer.from(view.buffer, offset, length).toString('utf8');
    this.values.offset += length;
    return value;
  }

  int8Array(): number[] {
    return this.#next() < 0 ? [] : this.values.int8Array();
  }

  int2Array(): number[] {
    const values = new Array<number>(this.#next() < 0 ? 0 : this.values.arrayHead());
    for (let i = 0; i < values.length; i += 1) {
      this.values.offset += 4;
      values[i] = this.values.int2();
    }
    return values;
  }

  /** The values in a column of bytes, which is the last that is read of the row. */
  packed(): PackedValues {
    this.#next();
    return this.values;
  }
}

export class CopyReader {
  readonly #row = new CopyRow();
  #rest: Buffer | undefined;
  #headerRead = false;
  #ended = false;

  constructor(private readonly onRow: (row: CopyRow) => void) {}

  get ended(): boolean {
    return this.#ended;
  }

  feed(chunk: Buffer): void {
    const buffer = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    const { values } = this.#row;
    if (values.view.buffer !== buffer.buffer) values.view = new DataView(buffer.buffer);
    const { view } = values;
    const end = buffer.byteOffset + buffer.length;
    let at = buffer.byteOffset;
    if (!this.#headerRead && buffer.length >= HEADER_BYTES) {
      at += HEADER_BYTES + view.getInt32(at + HEADER_BYTES - 4);
      this.#headerRead = true;
    }
    while (this.#headerRead) {
      const next = this.#endOfRow(view, at, end);
      if (next < 0) break;
      values.offset = at + 2;
      this.onRow(this.#row);
      at = next;
    }
    // Copied: the client reads what comes next into the same memory. It is little and rare: the server sends whole rows.
    if (at < end) this.#rest = Buffer.from(buffer.subarray(at - buffer.byteOffset));
  }

  /** Where the row that begins at `start` ends; negative where it is not all there, or is the end mark. */
  #endOfRow(view: DataView, start: number, end: number): number {
    if (end < start + 2) return -1;
    const columns = view.getInt16(start);
    if (columns === -1) {
      this.#ended = true;
      return -1;
    }
    let at = start + 2;
    for (let i = 0; i < columns; i += 1) {
      if (end < at + 4) return -1;
      const length = view.getInt32(at);
      at += 4 + Math.max(0, length);
    }
    return end < at ? -1 : at;
  }
}
