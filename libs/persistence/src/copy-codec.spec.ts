import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CopyReader, type CopyRow } from './copy-reader.js';
import { CopyWriter, rowTemplate } from './copy-writer.js';

const safe = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const anyRow = fc.record({
  big: safe,
  maybe: fc.option(safe),
  int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  small: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  flag: fc.boolean(),
  text: fc.string(),
  list: fc.array(safe, { maxLength: 6 }),
  shorts: fc.array(fc.integer({ min: -100, max: 100 }), { maxLength: 4 }),
});
type Row = typeof anyRow extends fc.Arbitrary<infer T> ? T : never;

function written(rows: readonly Row[]): Buffer {
  const writer = new CopyWriter(32);
  for (const row of rows) {
    writer.row(8).int8(row.big);
    if (row.maybe === null) writer.nothing();
    else writer.int8(row.maybe);
    writer.int4(row.int).int2(row.small).bool(row.flag).text(row.text).int8Array(row.list).int2Array(row.shorts);
  }
  return writer.finish();
}

function read(row: CopyRow): Row {
  return {
    big: row.int8(),
    maybe: row.int8OrNull(),
    int: row.int4(),
    small: row.int2(),
    flag: row.bool(),
    text: row.text(),
    list: row.int8Array(),
    shorts: row.int2Array(),
  };
}

describe('rows of a binary COPY', () => {
  it('come out as they went in, wherever the stream is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 8 }), fc.array(fc.nat(60), { maxLength: 40 }), (rows, cuts) => {
        const bytes = written(rows);
        const seen: Row[] = [];
        const reader = new CopyReader((row) => void seen.push(read(row)));
        // Each chunk lies in memory that is used again for the next one, as a client does it.
        const memory = Buffer.alloc(bytes.length);
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          const chunk = bytes.subarray(at, at + cut);
          memory.fill(0xff).set(chunk);
          reader.feed(memory.subarray(0, chunk.length));
          at += chunk.length;
        }
        expect(seen).toEqual(rows);
        expect(reader.ended).toBe(true);
      }),
    );
  });

  it('are the same when they are set into copies of one row', () => {
    const anyNumbers = fc.record({
      big: safe,
      small: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
      text: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(anyNumbers, { maxLength: 30 }), (rows) => {
        const plain = new CopyWriter(32);
        const copied = new CopyWriter(32);
        for (const { big, small, text } of rows) {
          plain.row(5).text(text).int8(big).nothing().int2(small).bool(true);
          const template = rowTemplate((row) => row.row(5).text(text).int8(1).nothing().int2(2).bool(true));
          copied.like(template).setInt8(1, big).setInt2(3, small);
        }
        expect(copied.finish().equals(plain.finish())).toBe(true);
      }),
    );
  });

  it('can be passed over, column by column', () => {
    const bytes = written([
      { big: 1, maybe: null, int: 2, small: 3, flag: true, text: '甲', list: [4, 5], shorts: [] },
      { big: 9, maybe: 8, int: 7, small: 6, flag: false, text: '', list: [], shorts: [1] },
    ]);
    const last: number[][] = [];
    const reader = new CopyReader((row) => {
      row.skip(7);
      last.push(row.int2Array());
    });
    reader.feed(bytes);
    expect(last).toEqual([[], [1]]);
  });

  it('refuses numbers that do not fit their column, so that the row is never stored wrong', () => {
    expect(() => new CopyWriter().int2(40_000)).toThrow('out of range');
    expect(() => new CopyWriter().int4(2 ** 31)).toThrow('out of range');
    const template = rowTemplate((row) => row.row(2).int8(1).int2(1));
    expect(() => new CopyWriter().like(template).setInt2(1, 40_000)).toThrow('out of range');
    expect(() => new CopyWriter().like(template).setInt8(0, 2 ** 53)).toThrow('out of range');
  });
});
