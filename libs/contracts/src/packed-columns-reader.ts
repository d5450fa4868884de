/**
 * Reads the columns of a packed message straight into numbers: the counterpart of {@link PackedColumns}. protobuf-es makes a
 * bigint of each 64-bit value, and of columns that a reader does not need as well.
 */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const MOST_VARINT_BYTES = 10;
const SIGN_AT_BYTE = 9;

export interface ReadColumns {
  /** One list a wanted field, in the order asked for; empty where the message has none. */
  readonly columns: readonly number[][];
  /** The bytes of all other fields, for protobuf. */
  readonly head: Uint8Array;
}

/**
 * `wanted` are the numbers of `repeated` integer fields; `passed` those of columns that are only passed over. Integers beyond
 * the safe ones lose their last digits. Throws where the bytes are no message.
 */
export function readPackedColumns(
  bytes: Uint8Array,
  wanted: readonly number[],
  passed: readonly number[] = [],
): ReadColumns {
  return new ColumnReader(bytes, wanted, passed).read();
}

/**
 * The bytes of a message that another one holds in a field, where it begins with just that: an event whose body it is.
 * Undefined where it begins with another field.
 */
export function innerMessage(bytes: Uint8Array, fieldNumber: number): Uint8Array | undefined {
  return new ColumnReader(bytes, [], []).inner(fieldNumber);
}

class ColumnReader {
  #at = 0;
  readonly #columns: number[][];
  readonly #head: Uint8Array[] = [];

  constructor(
    private readonly bytes: Uint8Array,
    private readonly wanted: readonly number[],
    private readonly passed: readonly number[],
  ) {
    this.#columns = wanted.map(() => []);
  }

  read(): ReadColumns {
    while (this.#at < this.bytes.length) this.#field();
    const [only] = this.#head;
    return { columns: this.#columns, head: this.#head.length === 1 && only ? only : Buffer.concat(this.#head) };
  }

  inner(fieldNumber: number): Uint8Array | undefined {
    if (this.#varint() !== fieldNumber * 8 + LENGTH_DELIMITED) return undefined;
    const length = this.#varint();
    if (this.#at + length !== this.bytes.length) return undefined;
    return this.bytes.subarray(this.#at);
  }

  #field(): void {
    const from = this.#at;
    const tag = this.#varint();
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    const column = this.#columns[this.wanted.indexOf(number)];
    if (column !== undefined && wireType === VARINT) return void column.push(this.#varint());
    this.#skipValue(wireType, (start) => {
      if (column !== undefined) this.#values(start, column);
      else if (this.passed.includes(number)) this.#values(start, undefined);
    });
    if (column === undefined && !this.passed.includes(number)) this.#keep(from);
  }

  /** Neighbouring fields stay one piece. */
  #keep(from: number): void {
    const last = this.#head.at(-1);
    const start =
      last !== undefined && last.byteOffset + last.length === this.bytes.byteOffset + from
        ? this.#head.pop()
        : undefined;
    this.#head.push(this.bytes.subarray(start === undefined ? from : from - start.length, this.#at));
  }

  #skipValue(wireType: number, onBytes: (start: number) => void): void {
    if (wireType === VARINT) this.#varint();
    else if (wireType === FIXED64) this.#at += 8;
    else if (wireType === FIXED32) this.#at += 4;
    else if (wireType === LENGTH_DELIMITED) {
      const length = this.#varint();
      const start = this.#at;
      this.#at += length;
      if (this.#at <= this.bytes.length) onBytes(start);
    } else throw new Error(`wire type ${wireType} is none of a message`);
    if (!(this.#at <= this.bytes.length)) throw new Error('the message ends in the middle of a field');
  }

  /** All varints from `start` up to where the reader stands. */
  #values(start: number, column: number[] | undefined): void {
    const end = this.#at;
    this.#at = start;
    if (column === undefined) while (this.#at < end) this.#varint();
    else while (this.#at < end) column.push(this.#varint());
    if (this.#at !== end) throw new Error('a packed column ends in the middle of a value');
  }

  /** Products, not shifts: most ids have more than 32 bits. */
  #varint(): number {
    const { bytes } = this;
    let at = this.#at;
    let byte = bytes[at++] as number;
    if (byte < 0x80) {
      this.#at = at;
      return byte;
    }
    let value = byte & 0x7f;
    let factor = 0x80;
    const from = at - 1;
    do {
      if (at === bytes.length || at - from === MOST_VARINT_BYTES) throw new Error('a number of the message has no end');
      byte = bytes[at++] as number;
      value += (byte & 0x7f) * factor;
      factor *= 0x80;
    } while (byte >= 0x80);
    this.#at = at;
    return at - from <= SIGN_AT_BYTE ? value : this.#signed(from, at);
  }

  /** Ten bytes: a negative number in two's complement of 64 bits. */
  #signed(from: number, to: number): number {
    let value = 0n;
    for (let at = to - 1; at >= from; at -= 1) value = (value << 7n) | BigInt((this.bytes[at] as number) & 0x7f);
    return Number(BigInt.asIntN(64, value));
  }
}
