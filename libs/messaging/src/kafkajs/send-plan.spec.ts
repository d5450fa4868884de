import { describe, expect, it } from '@jest/globals';
import { topics } from '@fangpin/contracts';
import fc from 'fast-check';
import { partitionOfKey, planSends } from './send-plan.js';

const topic = topics.shock;
const limits = { partitionBytes: 5_000, messages: 7 };

const anyMessages = fc.array(
  fc.record({
    key: fc.integer({ min: 0, max: 9 }).map((n) => `key-${n}`),
    size: fc.integer({ min: 0, max: 3_000 }),
  }),
  { maxLength: 80 },
);

describe('the plan of a send', () => {
  it('sends every message once, in its order, within the limits', () => {
    fc.assert(
      fc.property(anyMessages, (wanted) => {
        const messages = wanted.map(({ key, size }) => ({ key, value: new Uint8Array(size), headers: {} }));
        const plan = planSends(topic, messages, limits);
        expect(plan.flatMap((send) => send.messages.map(({ message }) => message))).toEqual(messages);
        for (const send of plan) {
          expect(send.messages.length).toBeLessThanOrEqual(limits.messages);
          for (const partition of send.partitions) {
            const own = send.messages.filter((one) => one.partition === partition);
            const bytes = own.reduce((sum, { message }) => sum + message.value.length, 0);
            expect(own.length === 1 || bytes <= limits.partitionBytes).toBe(true);
          }
        }
      }),
    );
  });

  it('puts a key where a Java client would', () => {
    // From Kafka's own test of murmur2: "21" → -973932308, "foobar" → -790332482, both modulo the count when positive.
    const partitions = 7;
    expect(partitionOfKey({ ...topic, partitions }, '21')).toBe((-973_932_308 & 0x7fffffff) % partitions);
    expect(partitionOfKey({ ...topic, partitions }, 'foobar')).toBe((-790_332_482 & 0x7fffffff) % partitions);
  });

  it('makes nothing of nothing', () => {
    expect(planSends(topic, [])).toEqual([]);
  });
});
