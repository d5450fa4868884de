/**
 * Translates whatever was thrown into a refusal: our own pass, those of Fastify, Nest and PostgreSQL that are the sender's
 * doing get a code of ours, and the rest is a fault of ours, told as such and without its insides.
 */
import { DomainError, InvalidFields, InvalidValue, OutsideScope } from '@fangpin/domain-kit';
import { isTransientDatabaseError } from '@fangpin/persistence';
import { HttpException } from '@nestjs/common';
import { HttpRefusal } from './http-refusal.js';

export interface RefusedRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType?: string | undefined;
  readonly contentLength?: string | undefined;
  readonly bodyLimit?: number | undefined;
}

export class InternalFault extends HttpRefusal {
  constructor() {
    super(500, 'INTERNAL', 'the service failed; the fault is logged under the correlation id');
  }
}

export function refusalOf(error: unknown, request: RefusedRequest): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof HttpException) return refusalOfNest(error, request);
  return refusalOfFastify(error, request) ?? refusalOfDatabase(error) ?? new InternalFault();
}

export class BodyTooLarge extends InvalidFields {
  constructor(size: string | undefined, limit: number | undefined, field = 'body') {
    super(
      [{ field, value: size === undefined ? null : `${size} bytes`, rule: `must be at most ${limit ?? '?'} bytes` }],
      'REQUEST.BODY_TOO_LARGE',
    );
  }
  // The kind of InvalidFields is `invalid`; this one has a status of its own.
  override readonly kind = 'too-large';
}

export class RouteNotFound extends DomainError {
  constructor(method: string, path: string) {
    super('ROUTE.NOT_FOUND', 'not-found', `there is no ${method} ${path}`);
  }
}

function refusalOfFastify(error: unknown, request: RefusedRequest): DomainError | undefined {
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new InvalidValue('path', request.path, 'must be a percent-encoded path of usual length');
  if (!(error instanceof Error) || typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499)
    return undefined;
  return (
    refusalOfBody(statusCode, request) ?? new HttpRefusal(statusCode, 'REQUEST.REFUSED', 'the request cannot be read')
  );
}

// Nest hands Fastify's own errors on as HttpException of the same status.
function refusalOfNest(error: HttpException, request: RefusedRequest): DomainError {
  const status = error.getStatus();
  if (status === 404 && error.message.startsWith('Cannot ')) return new RouteNotFound(request.method, request.path);
  if (status >= 500 && status !== 503) return new InternalFault();
  const name = error.constructor.name.replace(/Exception$/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_');
  return refusalOfBody(status, request) ?? new HttpRefusal(status, `REQUEST.${name.toUpperCase()}`, error.message);
}

function refusalOfBody(
  status: number,
  { contentType, contentLength, bodyLimit }: RefusedRequest,
): DomainError | undefined {
  if (status === 413) return new BodyTooLarge(contentLength, bodyLimit);
  if (status !== 415) return undefined;
  const message = `content type ${contentType ?? '(none)'} is not taken here`;
  return new DomainError('REQUEST.UNSUPPORTED_CONTENT_TYPE', 'unsupported', message, {
    contentType: contentType ?? null,
  });
}

function refusalOfDatabase(error: unknown): DomainError | undefined {
  if (isTransientDatabaseError(error))
    return new DomainError(
      'SERVICE.DATABASE_UNAVAILABLE',
      'unavailable',
      'the database cannot be reached now; try again',
    );
  if (!(error instanceof Error)) return undefined;
  const source = ((error as { driverError?: unknown }).driverError ?? error) as {
    code?: unknown;
    constraint?: unknown;
  };
  if (typeof source.code !== 'string') return undefined;
  // Validation should have caught it; that a value cannot be stored is still the sender's to mend.
  if (/^22[0-9A-Z]{3}$/.test(source.code))
    return new DomainError('REQUEST.VALUE_NOT_STORABLE', 'invalid', 'a value is out of range or cannot be stored', {
      sqlState: source.code,
    });
  if (source.code === '23505')
    return new DomainError('CONFLICT.ALREADY_EXISTS', 'conflict', 'the same thing has been stored meanwhile', {
      constraint: source.constraint,
    });
  if (source.code === '42501' && /row-level security/.test(error.message)) return new OutsideScope('of the record');
  return undefined;
}
