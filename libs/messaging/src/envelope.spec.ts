import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { AlertBatchSchema, topics } from '@fangpin/contracts';
import { BusRefused } from './bus-error.js';
import { decodeEvent, encodeEvent, MAX_EVENT_BYTES } from './envelope.js';

const batch = create(AlertBatchSchema, { shockId: 's', revision: 7n, householdIds: [4711n] });

describe('the envelope', () => {
  it('carries the event and its CloudEvents attributes', () => {
    const at = new Date('2026-07-01T08:00:00Z');
    const message = encodeEvent(topics.alert, batch, { key: '532327101', at });
    expect(decodeEvent(topics.alert, message.value)).toEqual(batch);
    expect(message.key).toBe('532327101');
    expect(message.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_type: 'fangpin.alerts.alert-batch.v1',
      ce_source: '/fangpin/risk-alerts',
      ce_time: '2026-07-01T08:00:00.000Z',
      'content-type': 'application/protobuf',
    });
  });

  it('gives every event an id of its own and continues the trace of its cause', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const [one, two] = [1, 2].map(() => encodeEvent(topics.alert, batch, { key: 'k', traceparent }));
    expect(one?.headers['ce_id']).not.toBe(two?.headers['ce_id']);
    expect(one?.headers['traceparent']).toContain('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('refuses an event that no broker would take', () => {
    const huge = create(AlertBatchSchema, { shockId: 'x'.repeat(MAX_EVENT_BYTES) });
    expect(() => encodeEvent(topics.alert, huge, { key: 'k' })).toThrow(BusRefused);
  });
});
