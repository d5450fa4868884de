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
  #length = 0;

  constructor(initialBytes = 1 << 16) {
    this.#buffer = Buffer.allocUnsafe(initialBytes);
    SIGNATURE.copy(this.#buffer);
    this.#length = SIGNATURE.length;
  }

  get byteLength(): number {
    return this.#length;
  }

  row(columns: number): this {
    this.#need(2);
    this.#length = this.#buffer.writeInt16BE(columns, this.#length);
    return this;
  }

  nothing(): this {
    this.#need(4);
    this.#length = this.#buffer.writeInt32BE(-1, this.#length);
    return this;
  }

  bool(value: boolean): this {
    this.#need(5);
    this.#length = this.#buffer.writeInt32BE(1, this.#length);
    this.#length = this.#buffer.writeUInt8(value ? 1 : 0, this.#length);
    return this;
  }

  int2(value: number): this {
    this.#need(6);
    this.#length = this.#buffer.writeInt32BE(2, this.#length);
    this.#length = this.#buffer.writeInt16BE(value, this.#length);
    return this;
  }

  int4(value: number): this {
    this.#need(8);
    this.#length = this.#buffer.writeInt32BE(4, this.#length);
    this.#length = this.#buffer.writeInt32BE(value, this.#length);
    return this;
  }

  /** A safe integer into a bigint column. */
  int8(value: number): this {
    this.#need(12);
    this.#length = this.#buffer.writeInt32BE(8, this.#length);
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
    this.#length = this.#buffer.writeInt32BE(bytes, this.#length);
    this.#length += this.#buffer.write(value, this.#length);
    return this;
  }

  /** Sixteen bytes of a UUID. */
  uuid(value: string): this {
    this.#need(20);
    this.#length = this.#buffer.writeInt32BE(16, this.#length);
    this.#length += this.#buffer.write(value.replaceAll('-', ''), this.#length, 'hex');
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#need(4 + value.length);
    this.#length = this.#buffer.writeInt32BE(value.length, this.#length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  int8Array(values: readonly number[]): this {
    this.#arrayHead(values.length, INT8_OID, 12);
    for (const value of values) {
      this.#length = this.#buffer.writeInt32BE(8, this.#length);
      this.#int8(value);
    }
    return this;
  }

  int2Array(values: readonly number[]): this {
    this.#arrayHead(values.length, INT2_OID, 6);
    for (const value of values) {
      this.#length = this.#buffer.writeInt32BE(2, this.#length);
      this.#length = this.#buffer.writeInt16BE(value, this.#length);
    }
    return this;
  }

  /** Takes what was written so far; the writer goes on with an empty buffer. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.allocUnsafe(this.#buffer.length);
    this.#length = 0;
    return taken;
  }

  /** The end mark, and the last bytes. */
  finish(): Buffer {
    this.#need(2);
    this.#length = this.#buffer.writeInt16BE(-1, this.#length);
    return this.take();
  }

  #arrayHead(count: number, oid: number, bytesEach: number): void {
    const empty = count === 0;
    const body = empty ? 12 : 20 + count * bytesEach;
    this.#need(4 + body);
    this.#length = this.#buffer.writeInt32BE(body, this.#length);
    this.#length = this.#buffer.writeInt32BE(empty ? 0 : 1, this.#length);
    this.#length = this.#buffer.writeInt32BE(0, this.#length);
    this.#length = this.#buffer.writeInt32BE(oid, this.#length);
    if (empty) return;
    this.#length = this.#buffer.writeInt32BE(count, this.#length);
    this.#length = this.#buffer.writeInt32BE(1, this.#length);
  }

  #int8(value: number): void {
    const high = Math.floor(value / 4_294_967_296);
    this.#length = this.#buffer.writeInt32BE(high, this.#length);
    this.#length = this.#buffer.writeUInt32BE(value - high * 4_294_967_296, this.#length);
  }

  #need(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
