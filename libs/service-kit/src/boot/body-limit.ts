import { Transform, type Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { BodyTooLarge } from '../problems/refusal-of.js';

/**
 * Refuses a body over the route's limit, by its declared size or, where none is declared, by counting. Fastify would do so
 * too, but closes the connection while the sender is still writing: many senders (a proxy's upstream call among them) then see
 * a broken pipe and never the 413. Here the rest is read and thrown away, so that the answer arrives.
 */
export function useBodyLimit(server: FastifyInstance): void {
  server.addHook('preParsing', (request, _reply, payload, done) => {
    const limit = request.routeOptions.bodyLimit;
    const declared = request.headers['content-length'];
    if (limit === undefined || payload.readableEnded) return done(null, payload);
    if (declared === undefined) return done(null, counted(payload as Readable, limit));
    if (Number(declared) <= limit) return done(null, payload);
    payload.resume();
    return done(new BodyTooLarge(declared, limit));
  });
}

function counted(payload: Readable, limit: number): Readable {
  let size = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size <= limit) return done(null, chunk);
      payload.unpipe(counter);
      payload.resume();
      return done(new BodyTooLarge(`over ${limit}`, limit));
    },
  });
  payload.once('error', (error) => counter.destroy(error));
  return payload.pipe(counter);
}
