import { describe, expect, it } from '@jest/globals';
import { CopyReader, type CopyRow } from './copy-reader.js';
import { CopyWriter } from './copy-writer.js';

function read<T>(bytes: Buffer, chunkBytes: number, onRow: (row: CopyRow) => T): T[] {
  const rows: T[] = [];
  const reader = new CopyReader((row) => rows.push(onRow(row)));
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.feed(bytes.subarray(at, at + chunkBytes));
  expect(reader.ended).toBe(true);
  return rows;
}

const written = (): Buffer => {
  const writer = new CopyWriter();
  for (const id of [1, 2, 3]) writer.row(5).int8(id).text('永仁').nothing().bool(true).int2(-id);
  return writer.finish();
};

describe('rows of a binary COPY', () => {
  it.each([1, 7, 1_024])('come out whole, however they are cut (%d bytes at a time)', (chunkBytes) => {
    const rows = read(written(), chunkBytes, (row) => [
      row.int8(),
      row.text(),
      row.int8OrNull(),
      row.bool(),
      row.int2(),
    ]);
    expect(rows).toEqual([1, 2, 3].map((id) => [id, '永仁', null, true, -id]));
  });

  it('let columns of any length, and null, be passed over', () => {
    expect(
      read(written(), 1_024, (row) => {
        const id = row.int8();
        row.skip(3);
        return [id, row.int2()];
      }),
    ).toEqual([
      [1, -1],
      [2, -2],
      [3, -3],
    ]);
  });
});
