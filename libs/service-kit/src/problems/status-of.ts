import type { DomainError, ErrorKind } from '@fangpin/domain-kit';
import { HttpRefusal } from './http-refusal.js';

const STATUS_BY_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  unavailable: 503,
};

/** The one place where a refusal becomes an HTTP status. */
export function statusOf(error: DomainError): number {
  return error instanceof HttpRefusal ? error.status : STATUS_BY_KIND[error.kind];
}
