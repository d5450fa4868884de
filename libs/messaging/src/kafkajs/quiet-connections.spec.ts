import { describe, expect, it } from '@jest/globals';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import './quiet-connections.js';

const silent = { debug: () => undefined, warn: () => undefined };

function connection(maxInFlightRequests: number | null = null): RequestQueue {
  return new RequestQueue({
    maxInFlightRequests,
    requestTimeout: 1_000,
    enforceRequestTimeout: false,
    clientId: 'spec',
    broker: 'nobody:9092',
    logger: silent,
  });
}

function sentBy(queue: RequestQueue, correlationId: number): Promise<void> {
  return new Promise((resolve) => {
    queue.push({ entry: { correlationId, resolve: () => undefined }, expectResponse: true, sendRequest: resolve });
  });
}

describe('a connection to Kafka', () => {
  it('rests after an answer when nothing waits', async () => {
    const queue = connection();
    await sentBy(queue, 1);
    queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 });
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });

  it('that the broker throttles sends what came meanwhile when the time is over, and rests', async () => {
    const queue = connection();
    queue.maybeThrottle(20);
    const sent = sentBy(queue, 1);
    expect(queue.pending).toHaveLength(1);
    await sent;
    expect(queue.pending).toHaveLength(0);
    queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 });
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });

  it('with as many requests on the way as it may have sends the next when one is answered', async () => {
    const queue = connection(1);
    await sentBy(queue, 1);
    const next = sentBy(queue, 2);
    expect(queue.pending).toHaveLength(1);
    queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 });
    await next;
    expect(queue.pending).toHaveLength(0);
    queue.destroy();
  });
});
