import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { contextOf, requestContexts, type RequestContext } from '../context/request-context.js';
import type { HttpMetrics } from '../metrics/metrics.js';

declare module 'fastify' {
  interface FastifyRequest {
    tracing?: RequestContext;
  }
}

const PROBE = /^\/(health|metrics)(\/|$)/;

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';

/** Gives each request its context, hands correlation id and trace context back, times and logs the answer. */
export function useRequestHooks(server: FastifyInstance, log: Logger, metrics: HttpMetrics): void {
  server.addHook('onRequest', (request, reply, done) => {
    const context = { ...contextOf(request.headers, request.id), path: pathOf(request.url) };
    request.tracing = context;
    void reply.headers({ 'x-correlation-id': context.correlationId, traceparent: context.traceparent });
    requestContexts.run(context, done);
  });
  // Reading a body leaves the asynchronous context: it is entered again.
  server.addHook('preValidation', (request, _reply, done) => {
    if (request.tracing === undefined) done();
    else requestContexts.run(request.tracing, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    metrics.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1_000);
    const line = {
      correlationId: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...(request.caller === undefined ? {} : { subject: request.caller.subject, role: request.caller.role }),
    };
    log[PROBE.test(route) ? 'debug' : 'info'](line, 'request');
    done();
  });
}
