/**
 * Reads `COPY (…) TO STDOUT (FORMAT binary)` chunk by chunk. `feed` takes a chunk and calls `onRow` for each whole row in
 * it; the row's columns are read in order from the {@link CopyRow} cursor, which is only valid inside the call.
 */
const HEADER_BYTES = 19;

export class CopyRow {
  /** @internal */ buffer: Buffer = Buffer.alloc(0);
  /** @internal */ offset = 0;

  /** Length of the next column, or -1 for null; moves behind the length. */
  #next(): number {
    const length = this.buffer.readInt32BE(this.offset);
    this.offset += 4;
    return length;
  }

  int2(): number {
    this.#next();
    const value = this.buffer.readInt16BE(this.offset);
    this.offset += 2;
    return value;
  }

  int4(): number {
    this.#next();
    const value = this.buffer.readInt32BE(this.offset);
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
    return this.buffer[this.offset++] === 1;
  }

  text(): string {
    const length = this.#next();
    const value = this.buffer.toString('utf8', this.offset, this.offset + length);
    this.offset += length;
    return value;
  }

  int8Array(): number[] {
    return this.#array(() => this.#int8());
  }

  int2Array(): number[] {
    return this.#array(() => {
      const value = this.buffer.readInt16BE(this.offset);
      this.offset += 2;
      return value;
    });
  }

  #array(element: () => number): number[] {
    if (this.#next() < 0) return [];
    const dimensions = this.buffer.readInt32BE(this.offset);
    this.offset += 12;
    if (dimensions === 0) return [];
    const count = this.buffer.readInt32BE(this.offset);
    this.offset += 8;
    const values: number[] = new Array<number>(count);
    for (let i = 0; i < count; i += 1) {
      this.offset += 4;
      values[i] = element();
    }
    return values;
  }

  #int8(): number {
    const value = this.buffer.readInt32BE(this.offset) * 4_294_967_296 + this.buffer.readUInt32BE(this.offset + 4);
    this.offset += 8;
    return value;
  }
}

export class CopyReader {
  readonly #row = new CopyRow();
  #rest: Buffer = Buffer.alloc(0);
  #headerRead = false;
  #ended = false;

  constructor(private readonly onRow: (row: CopyRow) => void) {}

  get ended(): boolean {
    return this.#ended;
  }

  feed(chunk: Buffer): void {
    const buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let offset = 0;
    if (!this.#headerRead) {
      if (buffer.length < HEADER_BYTES) return void (this.#rest = buffer);
      offset = HEADER_BYTES + buffer.readInt32BE(HEADER_BYTES - 4);
      this.#headerRead = true;
    }
    for (;;) {
      const end = this.#endOfRow(buffer, offset);
      if (end < 0) break;
      this.#row.buffer = buffer;
      this.#row.offset = offset + 2;
      this.onRow(this.#row);
      offset = end;
    }
    this.#rest = buffer.subarray(offset);
  }

  #endOfRow(buffer: Buffer, start: number): number {
    if (buffer.length < start + 2) return -1;
    const columns = buffer.readInt16BE(start);
    if (columns === -1) {
      this.#ended = true;
      return -1;
    }
    let at = start + 2;
    for (let i = 0; i < columns; i += 1) {
      if (buffer.length < at + 4) return -1;
      const length = buffer.readInt32BE(at);
      at += 4 + Math.max(0, length);
    }
    return buffer.length < at ? -1 : at;
  }
}
