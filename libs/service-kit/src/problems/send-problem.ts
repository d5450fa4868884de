import { DomainError } from '@fangpin/domain-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { currentCorrelationId } from '../context/request-context.js';
import { PROBLEM_CONTENT_TYPE, problemOf } from './problem.js';
import { refusalOf } from './refusal-of.js';

/** Writes the problem of an error as the reply. Not a refusal of ours? Then the error itself is logged. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): void {
  const path = request.url.split('?', 1)[0] ?? '/';
  const { status, headers, body } = problemOf(
    refusalOf(error, {
      method: request.method,
      path,
      contentType: request.headers['content-type'],
      contentLength: request.headers['content-length'],
      bodyLimit: request.routeOptions.bodyLimit,
    }),
    { instance: path, correlationId: currentCorrelationId() ?? request.id },
  );
  if (!(error instanceof DomainError)) {
    const line = { err: error, status, code: body.code };
    if (status >= 500) log.error(line, 'request failed');
    else log.warn(line, 'request refused');
  }
  if (reply.sent || reply.raw.headersSent) {
    // The answer is under way: cutting the connection is the only way left to say that it is not whole.
    reply.raw.destroy();
    return;
  }
  keepConnection(reply);
  void reply.code(status).headers(headers).type(PROBLEM_CONTENT_TYPE).send(JSON.stringify(body));
}

/**
 * Takes back a `Connection: close` that Fastify or a proxy has put on an answer given before the body was read: the sender may
 * still be writing, and would see a broken pipe instead of the answer. Every body is read to its end here (boot/body-limit.ts), so
 * the connection can live on. A server that is closing says so on the raw response; that stays.
 */
export function keepConnection(reply: FastifyReply): void {
  if (reply.hasHeader('connection') && !reply.raw.hasHeader('connection')) reply.removeHeader('connection');
}
