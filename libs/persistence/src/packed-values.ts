const NOTHING = new DataView(new ArrayBuffer(0));

/** The lowest bigint stands for null where values stand without their length. As a number it is exact. */
const NULL_INT8 = -(2 ** 63);

/**
 * Values that lie in one `bytea` one behind the other, as PostgreSQL's `int8send`, `int4send`, `int2send`, `boolsend` and
 * `array_send` write them: without lengths between. Read in order; only valid while the row that they came with is.
 */
export class PackedValues {
  // Reads through a view are compiled to single loads; the methods of Buffer check and call.
  /** @internal */
  view: DataView = NOTHING;
  /** @internal In the view. */
  offset = 0;

  int2(): number {
    const value = this.view.getInt16(this.offset);
    this.offset += 2;
    return value;
  }

  int4(): number {
    const value = this.view.getInt32(this.offset);
    this.offset += 4;
    return value;
  }

  /** A bigint that fits a safe integer. */
  int8(): number {
    const value = this.view.getInt32(this.offset) * 4_294_967_296 + this.view.getUint32(this.offset + 4);
    this.offset += 8;
    return value;
  }

  /** As {@link int8}; null for the lowest bigint. */
  int8OrNull(): number | null {
    const value = this.int8();
    return value === NULL_INT8 ? null : value;
  }

  bool(): boolean {
    return this.view.getUint8(this.offset++) === 1;
  }

  /** A bigint array without nulls. */
  int8Array(): number[] {
    const values = new Array<number>(this.arrayHead());
    for (let i = 0; i < values.length; i += 1) {
      this.offset += 4;
      values[i] = this.int8();
    }
    return values;
  }

  /** Passes over a bigint array without nulls. */
  skipInt8Array(): void {
    const count = this.arrayHead();
    this.offset += 12 * count;
  }

  /** Reads up to the first element of an array; answers how many there are. @internal */
  arrayHead(): number {
    const dimensions = this.view.getInt32(this.offset);
    this.offset += 12;
    if (dimensions === 0) return 0;
    const count = this.view.getInt32(this.offset);
    this.offset += 8;
    return count;
  }
}
