/**
 * Writes the columns of a packed message straight from numbers. protobuf-es asks for a bigint for each 64-bit value, which for
 * a fan-out of a hundred thousand households costs more than the loss models; the bytes are the same (specs compare them).
 */
const LENGTH_DELIMITED = 2;
const LOW = 0x1_0000_0000;

export class PackedColumns {
  #bytes: Uint8Array;
  #length = 0;

  constructor(initialBytes = 1 << 14) {
    this.#bytes = new Uint8Array(initialBytes);
  }

  /** A `repeated` integer field (int64, uint32, enum …) in packed form; absent when empty, as protobuf has it. */
  column(fieldNumber: number, values: ArrayLike<number>): this {
    if (values.length === 0) return this;
    // Length of the field first: its body is written behind room for the longest length there is, then moved up.
    this.#need(12 + values.length * 10);
    this.#varint((fieldNumber << 3) | LENGTH_DELIMITED);
    const lengthAt = this.#length;
    this.#length += 5;
    const bodyAt = this.#length;
    for (let i = 0; i < values.length; i += 1) this.#varint(values[i] as number);
    const bodyLength = this.#length - bodyAt;
    this.#length = lengthAt;
    this.#varint(bodyLength);
    this.#bytes.copyWithin(this.#length, bodyAt, bodyAt + bodyLength);
    this.#length += bodyLength;
    return this;
  }

  /** The columns behind the bytes of the message's other fields; afterwards the columns of another message may follow. */
  behind(head: Uint8Array): Uint8Array {
    const message = new Uint8Array(head.length + this.#length);
    message.set(head);
    message.set(this.#bytes.subarray(0, this.#length), head.length);
    this.#length = 0;
    return message;
  }

  /** The bytes of a message that holds only this one, for example as the body of an event. */
  static inside(fieldNumber: number, message: Uint8Array): Uint8Array {
    const outer = new PackedColumns(16);
    outer.#varint((fieldNumber << 3) | LENGTH_DELIMITED);
    outer.#varint(message.length);
    const head = outer.#bytes.subarray(0, outer.#length);
    const bytes = new Uint8Array(head.length + message.length);
    bytes.set(head);
    bytes.set(message, head.length);
    return bytes;
  }

  /** A safe integer as a varint; a negative one takes ten bytes, as two's complement of 64 bits. */
  #varint(value: number): void {
    if (value >= 0 && value < 0x80) {
      this.#bytes[this.#length++] = value;
      return;
    }
    let high = Math.floor(value / LOW);
    let low = value - high * LOW;
    high >>>= 0;
    while (high > 0) {
      this.#bytes[this.#length++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    while (low > 0x7f) {
      this.#bytes[this.#length++] = (low & 0x7f) | 0x80;
      low >>>= 7;
    }
    this.#bytes[this.#length++] = low;
  }

  #need(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + bytes));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
