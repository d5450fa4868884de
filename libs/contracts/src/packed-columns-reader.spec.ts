import { describe, expect, it } from '@jest/globals';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { AlertBatchSchema } from './gen/fangpin/alerts/v1/alert_pb.js';
import { readPackedColumns } from './packed-columns-reader.js';

const safe = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const small = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyBatch = fc
  .record({ households: fc.array(safe), persons: fc.array(small), losses: fc.array(safe), shockId: fc.string() })
  .map(({ households, persons, losses, shockId }) =>
    create(AlertBatchSchema, {
      shockId,
      origin: 7n,
      township: '532327101',
      lineFen: 870_000n,
      householdIds: households.map(BigInt),
      persons,
      lossFen: losses.map(BigInt),
    }),
  );

describe('columns read straight into numbers', () => {
  it('are those that protobuf reads, and leave the rest to it', () => {
    fc.assert(
      fc.property(anyBatch, (batch) => {
        const { columns, head } = readPackedColumns(toBinary(AlertBatchSchema, batch), [12, 14], [16]);
        expect(columns).toEqual([batch.householdIds.map(Number), batch.persons]);
        expect(fromBinary(AlertBatchSchema, head)).toEqual({ ...batch, householdIds: [], persons: [], lossFen: [] });
      }),
    );
  });

  it('may come in pieces, one by one, and between other fields', () => {
    fc.assert(
      fc.property(fc.array(anyBatch, { maxLength: 5 }), fc.nat(127), (batches, one) => {
        const pieces = [...batches.map((batch) => toBinary(AlertBatchSchema, batch)), Uint8Array.of(12 << 3, one)];
        const whole = Buffer.concat(pieces);
        const { columns, head } = readPackedColumns(whole, [12]);
        const expected = fromBinary(AlertBatchSchema, whole);
        expect(columns[0]).toEqual(expected.householdIds.map(Number));
        expect(fromBinary(AlertBatchSchema, head)).toEqual({ ...expected, householdIds: [] });
      }),
    );
  });

  it('are refused where protobuf refuses the bytes', () => {
    const read = (bytes: Uint8Array): unknown => {
      const { head } = readPackedColumns(bytes, [12, 14], [16]);
      return fromBinary(AlertBatchSchema, head);
    };
    fc.assert(
      fc.property(anyBatch, fc.nat(), (batch, cut) => {
        const whole = toBinary(AlertBatchSchema, batch);
        const bytes = whole.subarray(0, cut % (whole.length + 1));
        let refused = false;
        try {
          fromBinary(AlertBatchSchema, bytes);
        } catch {
          refused = true;
        }
        if (refused) expect(() => read(bytes)).toThrow();
        else expect(() => read(bytes)).not.toThrow();
      }),
    );
    const endless = Uint8Array.of((12 << 3) | 2, 12, ...new Array<number>(12).fill(0xff));
    expect(() => read(endless)).toThrow('no end');
    expect(() => read(Uint8Array.of(0x82, 0x01, 1, 0x80, 1))).toThrow('middle');
  });
});
