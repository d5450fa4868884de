import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { AlertBatchSchema, topics, type AlertBatch } from '@fangpin/contracts';
import type { EventHandler } from '../port.js';
import { consumedEvent } from './consumed-event.js';
import { letterOf, partsOf, wholeUnit } from './units.js';

const batch = create(AlertBatchSchema, { shockId: 's', householdIds: [1n, 2n] });
const bytes = toBinary(AlertBatchSchema, batch);
const place = { partition: 3, offset: 7n, key: '532327101', headers: { ce_id: 'e' } };

/** Reads how many households there are. */
const counting: EventHandler<AlertBatch, number> = {
  topic: topics.alert,
  handle: () => Promise.resolve(),
  read: (value) => fromBinary(AlertBatchSchema, value).householdIds.length,
  split: ({ data }) =>
    data.householdIds.map((id) => ({ key: `${id}`, data: create(AlertBatchSchema, { ...data, householdIds: [id] }) })),
};

describe('an event that its handler reads in its own way', () => {
  it('still has its message, as any other event', () => {
    const event = consumedEvent(counting, place, bytes);
    expect(event.read).toBe(2);
    expect(event.data).toEqual(batch);
    expect(event).toMatchObject(place);
  });

  it('is read again in each of its parts, and parks as the bytes it came in', () => {
    const unit = wholeUnit(consumedEvent(counting, place, bytes));
    const parts = partsOf(counting, unit);
    expect(parts.map(({ key, event }) => [key, event.read, (event.data as AlertBatch).householdIds])).toEqual([
      ['1', 1, [1n]],
      ['2', 1, [2n]],
    ]);
    expect(parts.map(({ event }) => [event.partition, event.offset, event.key])).toEqual([
      [3, 7n, '532327101'],
      [3, 7n, '532327101'],
    ]);
    expect(Buffer.from(letterOf(unit).payload).equals(Buffer.from(bytes))).toBe(true);
  });

  it('is refused where it cannot be read', () => {
    expect(() => consumedEvent(counting, place, Uint8Array.of(0xff, 0xff))).toThrow();
  });
});
