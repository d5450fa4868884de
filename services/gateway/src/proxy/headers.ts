import type { IncomingHttpHeaders } from 'node:http';
import type { RequestContext } from '@fangpin/service-kit';

/** Headers of one connection, not of the message (RFC 9110 §7.6.1); they never cross. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What a sender could use to speak for the gateway. */
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

export interface ForwardedRequest {
  readonly method: string;
  readonly id: string;
  readonly ip: string;
  readonly protocol: string;
  readonly headers: { readonly host?: string | undefined };
  readonly tracing?: RequestContext;
}

/** Headers of the call to the service: the sender's, with the way they came and the trace of this process. */
export function requestHeaders(request: ForwardedRequest, headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const forwarded = without(headers, [...HOP_BY_HOP, ...FORWARDING, 'expect']);
  if (request.method === 'GET' || request.method === 'HEAD') {
    // Fastify does not read a body of these; announcing one would leave the service waiting for it.
    delete forwarded['content-length'];
    delete forwarded['content-type'];
  }
  return {
    ...forwarded,
    'x-forwarded-for': request.ip,
    'x-forwarded-host': request.headers.host ?? '',
    'x-forwarded-proto': request.protocol,
    'x-correlation-id': request.id,
    ...(request.tracing === undefined ? {} : { traceparent: request.tracing.traceparent }),
  };
}

export function responseHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return without(headers, HOP_BY_HOP);
}

function without(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  const listed = (headers.connection ?? '').toLowerCase().split(',');
  const dropped = new Set([...names, ...listed.map((name) => name.trim())]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name.toLowerCase())));
}
