import { PassThrough, type Readable } from 'node:stream';

/**
 * A body on its way to a service. When the service answers before it has read everything, the HTTP client destroys the stream
 * that it was given; if that were the sender's own, the sender's connection would break before the answer reached it. So
 * it gets this one, and the rest of the sender's is read and thrown away.
 */
export function relayedBody(payload: Readable): Readable {
  const relay = new PassThrough();
  payload.once('error', (error) => relay.destroy(error));
  payload.once('close', () => {
    if (!payload.readableEnded) relay.destroy(new Error('the sender went away'));
  });
  relay.once('close', () => {
    payload.unpipe(relay);
    payload.resume();
  });
  // Whoever holds the relay is told by its call; an error that comes later has nobody left to hear it.
  relay.on('error', () => undefined);
  return payload.pipe(relay);
}
