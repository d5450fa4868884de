import { PassThrough, type Readable } from 'node:stream';

/**
 * An event stream on its way to its listener, which ends in order when the gateway stops: it lasts for as long as somebody
 * listens, and the gateway would wait for it. The listener comes again by itself, as after any end of such a stream; an event
 * that was cut off is not one yet, and is told then.
 */
export function relayedEvents(stream: Readable, stopping: AbortSignal): Readable {
  const relay = new PassThrough();
  const end = (): void => {
    stream.unpipe(relay);
    relay.end();
  };
  stream.once('error', (error) => relay.destroy(error));
  relay.once('close', () => {
    stopping.removeEventListener('abort', end);
    // An error that comes of it has nobody left to hear it.
    stream.on('error', () => undefined).destroy();
  });
  stream.pipe(relay);
  if (stopping.aborted) end();
  else stopping.addEventListener('abort', end);
  return relay;
}
