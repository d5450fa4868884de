import { setMaxListeners } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import replyFrom from '@fastify/reply-from';
import { DomainError, InvalidValue } from '@fangpin/domain-kit';
import { keepConnection, sendProblem, type Logger } from '@fangpin/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Doorkeeper } from '../limits/doorkeeper.js';
import { climbs, findRoute } from '../routing/find-route.js';
import type { Upstream } from '../routing/route-table.js';
import { requestHeaders, responseHeaders } from './headers.js';
import { relayedBody } from './relayed-body.js';
import { relayedEvents } from './relayed-events.js';
import { refusalOfCall } from './upstream.errors.js';

export interface ProxySettings {
  readonly serviceUrls: Readonly<Record<Upstream, string>>;
  readonly bodyLimitBytes: number;
  readonly doorkeeper: Doorkeeper;
  readonly log: Logger;
}

const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const CONNECTIONS_PER_SERVICE = 128;
/** Each holds a connection for as long as somebody watches. Of a pool of their own, so that watching takes none from the work. */
const EVENT_STREAMS = '/v1/shocks/:id/fan-out/events';
const STREAMS_PER_SERVICE = 1_024;
const EVENTS = /^text\/event-stream\b/;
/** Until a service begins to answer; an export or a simulation of a county may think for a while. */
const ANSWER_TIMEOUT_MS = 120_000;

/** Everything under /v1: signed in, within limits, then streamed to its service and back; no body is read here. */
export function proxyPlugin(settings: ProxySettings): (server: FastifyInstance) => Promise<void> {
  return async (server) => {
    await server.register(forwarding('/v1/*', CONNECTIONS_PER_SERVICE, settings));
    await server.register(forwarding(EVENT_STREAMS, STREAMS_PER_SERVICE, settings));
  };
}

/** What comes to these paths goes over connections of its own, so many to each service. */
function forwarding(
  url: string,
  connections: number,
  { doorkeeper, log, serviceUrls, bodyLimitBytes }: ProxySettings,
): (server: FastifyInstance) => Promise<void> {
  return async (server) => {
    const stopping = new AbortController();
    setMaxListeners(0, stopping.signal);
    server.addHook('preClose', (done) => {
      stopping.abort();
      done();
    });
    await server.register(replyFrom, {
      undici: {
        connections,
        pipelining: 1,
        headersTimeout: ANSWER_TIMEOUT_MS,
        bodyTimeout: ANSWER_TIMEOUT_MS,
      },
      // Paths hold ids: a cache of them would only churn.
      disableCache: true,
      disableRequestLogging: true,
    });
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', (_request, payload, done) => done(null, relayedBody(payload)));
    server.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, log));
    server.route({
      method: METHODS,
      url,
      bodyLimit: bodyLimitBytes,
      onRequest: (request, reply) => doorkeeper.admit(request, reply),
      handler: (request, reply) => {
        const service = serviceOf(request);
        return reply.from(pathOf(request), {
          getUpstream: () => serviceUrls[service],
          rewriteRequestHeaders: (_request, headers) => requestHeaders(request, headers as IncomingHttpHeaders),
          rewriteHeaders: (headers) => responseHeaders(headers as IncomingHttpHeaders),
          // Whether to try again is the sender's to decide: a 503 says so, with Retry-After.
          retryDelay: () => null,
          onResponse: (_request, answer, response) => {
            keepConnection(answer as FastifyReply);
            const { headers, stream } = response as unknown as { headers: IncomingHttpHeaders; stream: Readable };
            const lasts = EVENTS.test(headers['content-type'] ?? '');
            void answer.send(lasts ? relayedEvents(stream, stopping.signal) : stream);
          },
          onError: (answer, { error }) =>
            sendProblem(refusalOfCall(error, service), request, answer as FastifyReply, log),
        });
      },
    });
  };
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}

function serviceOf(request: FastifyRequest): Upstream {
  const path = pathOf(request);
  if (climbs(path)) throw new InvalidValue('path', path, 'must not have dot segments');
  const service = findRoute(path);
  if (service === undefined)
    throw new DomainError('ROUTE.NOT_FOUND', 'not-found', `there is no ${request.method} ${path}`);
  return service;
}
