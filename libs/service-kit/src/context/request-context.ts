/**
 * What follows a request (or a job) through its awaits without being handed on: the correlation id that every log line
 * carries, and the W3C trace context that goes out with events and calls.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, randomUUID } from 'node:crypto';

export interface RequestContext {
  readonly correlationId: string;
  /** `00-<trace>-<span>-<flags>`; the span is this process's own. */
  readonly traceparent: string;
  /** Of a request: what it asks for, without the query. */
  readonly path?: string;
}

export const requestContexts = new AsyncLocalStorage<RequestContext>();

export function currentCorrelationId(): string | undefined {
  return requestContexts.getStore()?.correlationId;
}

/** The trace context to send along with an event or a call made now. */
export function currentTraceparent(): string | undefined {
  return requestContexts.getStore()?.traceparent;
}

/** The path that the present request asks for, without its query; empty outside of requests. */
export function currentPath(): string {
  return requestContexts.getStore()?.path ?? '';
}

/** Runs work (a job, a script's step) under a context of its own. */
export function withNewContext<T>(work: () => T): T {
  return requestContexts.run(contextOf({}), work);
}

// A correlation id goes into logs and headers: only what cannot break either.
const CORRELATION_ID = /^[\w.:-]{1,128}$/;
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

type Incoming = Readonly<Record<string, string | string[] | undefined>>;

/** The sender's correlation id where it is usable, else a new one. */
export function correlationIdOf(headers: Incoming): string {
  const given = headers['x-correlation-id'];
  return typeof given === 'string' && CORRELATION_ID.test(given) ? given : randomUUID();
}

/** The context of a request with these headers; what is missing or malformed is made anew. */
export function contextOf(headers: Incoming, correlationId = correlationIdOf(headers)): RequestContext {
  const trace = typeof headers['traceparent'] === 'string' ? TRACEPARENT.exec(headers['traceparent']) : null;
  const usable = trace !== null && !/^0+$/.test(trace[1] ?? '') && !/^0+$/.test(trace[2] ?? '');
  const traceId = usable ? trace[1] : randomBytes(16).toString('hex');
  return { correlationId, traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-${usable ? trace[3] : '01'}` };
}
