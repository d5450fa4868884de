/**
 * Rows for `COPY … FROM STDIN (FORMAT binary)`, written straight into one growing buffer: no string and no object a
 * value. The caller writes exactly the columns that it announced, in the order of the COPY statement.
 */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const PG_EPOCH_MS = 946_684_800_000;
const INT8_OID = 20;
const INT2_OID = 21;

export class CopyWriter {
  #buffer: Buffer;
  // Writes through a view are compiled to single stores; the methods of Buffer check and loop.
  #view: DataView;
  #length = 0;

  constructor(initialBytes = 1 << 16) {
    this.#buffer = Buffer.allocUnsafeSlow(initialBytes);
    this.#view = new DataView(this.#buffer.buffer);
    SIGNATURE.copy(this.#buffer);
    this.#length = SIGNATURE.length;
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

  int8Array(values: readonly number[]): this {
    this.#arrayHead(values.length, INT8_OID, 12);
    for (const value of values) {
      this.#int32(8);
      this.#int8(value);
    }
    return this;
  }

  int2Array(values: readonly number[]): this {
    this.#arrayHead(values.length, INT2_OID, 6);
    for (const value of values) {
      if ((value << 16) >> 16 !== value) throw new RangeError(`${value} is out of range of a smallint`);
      this.#int32(2);
      this.#int16(value);
    }
    return this;
  }

  /** Takes what was written so far; the writer goes on with an empty buffer. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.allocUnsafeSlow(this.#buffer.length);
    this.#view = new DataView(this.#buffer.buffer);
    this.#length = 0;
    return taken;
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
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is out of range of a safe integer`);
    const high = Math.floor(value / 4_294_967_296);
    this.#view.setInt32(this.#length, high);
    this.#view.setUint32(this.#length + 4, value - high * 4_294_967_296);
    this.#length += 8;
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
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}
