import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { checkMembers, DomainError, UnusableJson } from '@fangpin/domain-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpRefusal } from '../problems/http-refusal.js';

export class MalformedJson extends DomainError {
  constructor(rule: string) {
    super('REQUEST.MALFORMED_JSON', 'invalid', `body ${rule}`, { errors: [{ field: 'body', value: null, rule }] });
  }
}

/** RFC 9110 §8.4: which encodings are taken instead stands in Accept-Encoding. */
export class EncodedBody extends HttpRefusal {
  constructor(contentEncoding: string) {
    const message = 'a body is taken as it is, without Content-Encoding';
    super(
      415,
      'REQUEST.UNSUPPORTED_CONTENT_ENCODING',
      message,
      { contentEncoding: contentEncoding.slice(0, 40) },
      ACCEPTED,
    );
  }
}
const ACCEPTED = { 'accept-encoding': 'identity' };

// With or without parameters; also `application/geo+json` and its like.
const JSON_TYPES = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/**
 * Bodies are JSON in UTF-8, at most 64 levels deep and with no member said twice, or one of the given content types, which reach the handler as a Buffer (a CAP message and a
 * price sheet name their own encoding), or one of those that reach it as a stream; what a handler leaves of that is read out and
 * thrown away, so it must not destroy it. Anything else is 415. An empty JSON body counts as none.
 */
export function useBodyParsers(
  server: FastifyInstance,
  rawBodies: readonly string[],
  streamedBodies: readonly string[] = [],
): void {
  server.removeAllContentTypeParsers();
  server.addHook('preParsing', (request, _reply, payload, done) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || /^\s*(identity)?\s*$/i.test(encoding)) return done(null, payload);
    payload.resume();
    return done(new EncodedBody(encoding));
  });
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body as Buffer)) return done(new MalformedJson('must be UTF-8'));
    const text = body.toString();
    return parseJson(request, text, (error, value) =>
      error
        ? done(new MalformedJson(`must be well-formed JSON${placeOf(error)}`))
        : done(refusalOfMembers(text), value),
    );
  });
  if (rawBodies.length > 0)
    server.addContentTypeParser([...rawBodies], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  if (streamedBodies.length > 0) {
    server.addContentTypeParser([...streamedBodies], (_request, payload, done) => done(null, payload));
    server.addHook('onResponse', readOut);
  }
}

function refusalOfMembers(text: string): DomainError | null {
  try {
    checkMembers(text);
    return null;
  } catch (error) {
    if (error instanceof UnusableJson) return error;
    throw error;
  }
}

/** A request that was refused before its body was read to the end would hold its connection for good. */
async function readOut({ body, raw }: FastifyRequest): Promise<void> {
  if (!(body instanceof Readable) || raw.readableEnded) return;
  body.resume();
  raw.resume();
}

function placeOf(error: Error): string {
  const position = /at position (\d+)/.exec(error.message)?.[1];
  return position === undefined ? '' : ` (it is not, at character ${position})`;
}
