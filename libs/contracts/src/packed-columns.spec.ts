import { describe, expect, it } from '@jest/globals';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { AlertBatchSchema } from './gen/fangpin/alerts/v1/alert_pb.js';
import { CaseEventSchema, TriageBatchSchema } from './gen/fangpin/cases/v1/case_pb.js';
import { PackedColumns } from './packed-columns.js';

const safe = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const small = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('columns packed straight from numbers', () => {
  it('are the bytes that protobuf itself writes', () => {
    fc.assert(
      fc.property(fc.array(safe), fc.array(safe), fc.array(small), (households, projected, persons) => {
        const head = create(AlertBatchSchema, { shockId: 's', origin: 7n, township: '532327101', lineFen: 870000n });
        const bytes = new PackedColumns()
          .column(12, households)
          .column(14, persons)
          .column(17, projected)
          .behind(toBinary(AlertBatchSchema, head));
        const whole = create(AlertBatchSchema, {
          ...head,
          householdIds: households.map(BigInt),
          persons,
          projectedFen: projected.map(BigInt),
        });
        expect(fromBinary(AlertBatchSchema, bytes)).toEqual(whole);
        expect(Buffer.from(bytes).equals(Buffer.from(toBinary(AlertBatchSchema, whole)))).toBe(true);
      }),
    );
  });

  it('may be a message inside another, one after the other', () => {
    const columns = new PackedColumns(16);
    fc.assert(
      fc.property(fc.array(safe), fc.array(fc.integer({ min: 0, max: 6 })), (households, outcomes) => {
        const head = create(TriageBatchSchema, { shockId: 's', origin: 7n, township: '532327101' });
        const bytes = PackedColumns.inside(
          1,
          columns.column(5, households).column(6, outcomes).behind(toBinary(TriageBatchSchema, head)),
        );
        const value = create(TriageBatchSchema, { ...head, householdIds: households.map(BigInt), outcomes });
        const whole = create(CaseEventSchema, { body: { case: 'triage', value } });
        expect(Buffer.from(bytes).equals(Buffer.from(toBinary(CaseEventSchema, whole)))).toBe(true);
      }),
    );
  });
});
