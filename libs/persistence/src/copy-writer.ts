/**
 * Rows for `COPY … FROM STDIN (FORMAT binary)`, written straight into one growing buffer: no string and no object a
 * value. The caller writes exactly the columns that it announced, in the order of the COPY statement.
 */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const PG_EPOCH_MS = 946_684_800_000;
const INT8_OID = 20;
const INT2_OID = 21;

/** A whole row whose columns keep their width; most rows of a set differ from each other in few columns. */
export interface RowTemplate {
  readonly bytes: Uint8Array;
  /** Where each column's value begins. */
  readonly valueAt: readonly number[];
}

/** `write` writes one row, from {@link CopyWriter.row} on. A column that is null cannot be set later. */
export function rowTemplate(write: (row: CopyWriter) => void): RowTemplate {
  const writer = CopyWriter.ofColumns(1 << 10);
  write(writer);
  const bytes = writer.take();
  const valueAt: number[] = [];
  for (let at = 2; at < bytes.length;) {
    const width = bytes.readInt32BE(at);
    valueAt.push(at + 4);
    at += 4 + Math.max(0, width);
  }
  return { bytes, valueAt };
}

export class CopyWriter {
  #buffer: Buffer;
  // Writes through a view are compiled to single stores; the methods of Buffer check and loop.
  #view: DataView;
  #length = 0;
  #spare: Buffer | undefined;
  /** Where the row begun by `like` starts, and its values in it. */
  #row = 0;
  #valueAt: readonly number[] = [];

  constructor(initialBytes = 1 << 16) {
    this.#buffer = Buffer.allocUnsafeSlow(initialBytes);
    this.#view = new DataView(this.#buffer.buffer);
    SIGNATURE.copy(this.#buffer);
    this.#length = SIGNATURE.length;
  }

  /** Writes columns by themselves, without the signature of a COPY before them. */
  static ofColumns(initialBytes: number): CopyWriter {
    const writer = new CopyWriter(Math.max(initialBytes, SIGNATURE.length));
    writer.#length = 0;
    return writer;
  }

  get byteLength(): number {
    return this.#length;
  }

  row(columns: number): this {
    this.#need(2);
    this.#int16(columns);
    return this;
  }

  nothing(): this {
    this.#need(4);
    this.#int32(-1);
    return this;
  }

  bool(value: boolean): this {
    this.#need(5);
    this.#int32(1);
    this.#view.setUint8(this.#length, value ? 1 : 0);
    this.#length += 1;
    return this;
  }

  int2(value: number): this {
    this.#need(6);
    if ((value << 16) >> 16 !== value) throw new RangeError(`${value} is out of range of a smallint`);
    this.#int32(2);
    this.#int16(value);
    return this;
  }

  int4(value: number): this {
    this.#need(8);
    if ((value | 0) !== value) throw new RangeError(`${value} is out of range of an integer`);
    this.#int32(4);
    this.#int32(value);
    return this;
  }

  /** A safe integer into a bigint column. */
  int8(value: number): this {
    this.#need(12);
    this.#int32(8);
    this.#int8(value);
    return this;
  }

  timestamptz(ms: number): this {
    return this.int8((ms - PG_EPOCH_MS) * 1000);
  }

  /** Days of `YYYY-MM-DD` since 2000-01-01. */
  date(day: string): this {
    return this.int4(Math.round((Date.parse(`${day}T00:00:00Z`) - PG_EPOCH_MS) / 86_400_000));
  }

  text(value: string): this {
    const bytes = Buffer.byteLength(value);
    this.#need(4 + bytes);
    this.#int32(bytes);
    this.#length += this.#buffer.write(value, this.#length);
    return this;
  }

  /** Sixteen bytes of a UUID. */
  uuid(value: string): this {
    this.#need(20);
    this.#int32(16);
    this.#length += this.#buffer.write(value.replaceAll('-', ''), this.#length, 'hex');
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#need(4 + value.length);
    this.#int32(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  int8Array(values: ArrayLike<number>): this {
    this.#arrayHead(values.length, INT8_OID, 12);
    for (let i = 0; i < values.length; i += 1) {
      this.#int32(8);
      this.#int8(values[i] as number);
    }
    return this;
  }

  int2Array(values: ArrayLike<number>): this {
    this.#arrayHead(values.length, INT2_OID, 6);
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] as number;
      if ((value << 16) >> 16 !== value) throw new RangeError(`${value} is out of range of a smallint`);
      this.#int32(2);
      this.#int16(value);
    }
    return this;
  }

  /** A row as a template has it; what differs is then set, column by column, before the next row is begun. */
  like({ bytes, valueAt }: RowTemplate): this {
    this.#need(bytes.length);
    this.#row = this.#length;
    this.#valueAt = valueAt;
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** Another smallint into a column of the row that was begun by {@link like}. */
  setInt2(column: number, value: number): this {
    if ((value << 16) >> 16 !== value) throw new RangeError(`${value} is out of range of a smallint`);
    this.#view.setInt16(this.#row + (this.#valueAt[column] as number), value);
    return this;
  }

  /** Another safe integer into a bigint column of the row that was begun by {@link like}. */
  setInt8(column: number, value: number): this {
    this.#putInt8(this.#row + (this.#valueAt[column] as number), value);
    return this;
  }

  /** Takes what was written so far; the writer goes on with an empty buffer. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#begin(this.#spare ?? Buffer.allocUnsafeSlow(this.#buffer.length));
    this.#spare = undefined;
    this.#length = 0;
    return taken;
  }

  /** Gives back what {@link take} gave, once nobody reads it any more: memory outside the heap is what collections begin for. */
  reuse(taken: Buffer): void {
    const whole = Buffer.from(taken.buffer);
    if (whole.length >= this.#buffer.length) this.#spare = whole;
  }

  #begin(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer);
  }

  /** The end mark, and the last bytes. */
  finish(): Buffer {
    this.#need(2);
    this.#int16(-1);
    return this.take();
  }

  #arrayHead(count: number, oid: number, bytesEach: number): void {
    const empty = count === 0;
    const body = empty ? 12 : 20 + count * bytesEach;
    this.#need(4 + body);
    this.#int32(body);
    this.#int32(empty ? 0 : 1);
    this.#int32(0);
    this.#int32(oid);
    if (empty) return;
    this.#int32(count);
    this.#int32(1);
  }

  #int8(value: number): void {
    this.#putInt8(this.#length, value);
    this.#length += 8;
  }

  #putInt8(at: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is out of range of a safe integer`);
    const high = Math.floor(value / 4_294_967_296);
    this.#view.setInt32(at, high);
    this.#view.setUint32(at + 4, value - high * 4_294_967_296);
  }

  #int32(value: number): void {
    this.#view.setInt32(this.#length, value);
    this.#length += 4;
  }

  #int16(value: number): void {
    this.#view.setInt16(this.#length, value);
    this.#length += 2;
  }

  #need(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#begin(larger);
  }
}
