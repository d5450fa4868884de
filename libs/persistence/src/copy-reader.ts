/**
 * Reads `COPY (…) TO STDOUT (FORMAT binary)` chunk by chunk. `feed` takes a chunk and calls `onRow` for each whole row in
 * it; the row's columns are read in order from the {@link CopyRow} cursor, which is only valid inside the call.
 */
const HEADER_BYTES = 19;
const NOTHING = new DataView(new ArrayBuffer(0));

export class CopyRow {
  // Reads through a view are compiled to single loads; the methods of Buffer check and call.
  /** @internal Over all of the memory that the chunk lies in: the chunks of one read of a socket share it. */
  view: DataView = NOTHING;
  /** @internal In the view. */
  offset = 0;

  /** Length of the next column, or -1 for null; moves behind the length. */
  #next(): number {
    const length = this.view.getInt32(this.offset);
    this.offset += 4;
    return length;
  }

  int2(): number {
    this.#next();
    return this.#int2();
  }

  int4(): number {
    this.#next();
    const value = this.view.getInt32(this.offset);
    this.offset += 4;
    return value;
  }

  /** A bigint that fits a safe integer. */
  int8(): number {
    this.#next();
    return this.#int8();
  }

  /** As {@link int8}, or null. */
  int8OrNull(): number | null {
    return this.#next() < 0 ? null : this.#int8();
  }

  /** Passes over columns that the caller does not need. */
  skip(columns: number): void {
    for (let i = 0; i < columns; i += 1) {
      // Not `offset += next()`: that would add to the offset as it was before the length was read.
      const length = this.#next();
      this.offset += Math.max(0, length);
    }
  }

  bool(): boolean {
    this.#next();
    return this.view.getUint8(this.offset++) === 1;
  }

  text(): string {
    const length = this.#next();
    const value = Buffer.from(this.view.buffer, this.offset, length).toString('utf8');
    this.offset += length;
    return value;
  }

  int8Array(): number[] {
    const values = new Array<number>(this.#arrayHead());
    for (let i = 0; i < values.length; i += 1) {
      this.offset += 4;
      values[i] = this.#int8();
    }
    return values;
  }

  int2Array(): number[] {
    const values = new Array<number>(this.#arrayHead());
    for (let i = 0; i < values.length; i += 1) {
      this.offset += 4;
      values[i] = this.#int2();
    }
    return values;
  }

  /** Reads up to the first element of an array; answers how many there are. */
  #arrayHead(): number {
    if (this.#next() < 0) return 0;
    const dimensions = this.view.getInt32(this.offset);
    this.offset += 12;
    if (dimensions === 0) return 0;
    const count = this.view.getInt32(this.offset);
    this.offset += 8;
    return count;
  }

  #int2(): number {
    const value = this.view.getInt16(this.offset);
    this.offset += 2;
    return value;
  }

  #int8(): number {
    const value = this.view.getInt32(this.offset) * 4_294_967_296 + this.view.getUint32(this.offset + 4);
    this.offset += 8;
    return value;
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
    if (this.#row.view.buffer !== buffer.buffer) this.#row.view = new DataView(buffer.buffer);
    const { view } = this.#row;
    const end = buffer.byteOffset + buffer.length;
    let at = buffer.byteOffset;
    if (!this.#headerRead && buffer.length >= HEADER_BYTES) {
      at += HEADER_BYTES + view.getInt32(at + HEADER_BYTES - 4);
      this.#headerRead = true;
    }
    while (this.#headerRead) {
      const next = this.#endOfRow(view, at, end);
      if (next < 0) break;
      this.#row.offset = at + 2;
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
