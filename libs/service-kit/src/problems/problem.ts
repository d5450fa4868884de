/** Problem details (RFC 9457): every answer of 400 and above, from any layer, has this one shape. */
import { STATUS_CODES } from 'node:http';
import { InvalidFields, type DomainError, type FieldProblem } from '@fangpin/domain-kit';
import { HttpRefusal } from './http-refusal.js';
import { statusOf } from './status-of.js';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable; programs decide by it. */
  readonly code: string;
  /** Path of the request that was refused, without its query. */
  readonly instance: string;
  /** Name it when asking an operator. */
  readonly correlationId?: string;
  readonly errors?: readonly FieldProblem[];
  readonly [member: string]: unknown;
}

export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemBody;
}

export interface ProblemOccurrence {
  readonly instance: string;
  readonly correlationId?: string | undefined;
}

const RETRY_AFTER_SECONDS = '2';
/** Longer values are cut before they are sent back. */
const MAX_ECHO = 200;

/** The problem document of a refusal. */
export function problemOf(error: DomainError, { instance, correlationId }: ProblemOccurrence): Problem {
  const status = statusOf(error);
  const fields = error instanceof InvalidFields ? { errors: error.problems.map(echoed) } : {};
  const members: ProblemBody = {
    type: `urn:fangpin:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.message,
    code: error.code,
    instance,
    ...(correlationId === undefined ? {} : { correlationId }),
  };
  return {
    status,
    headers: {
      ...(status === 503 ? { 'retry-after': RETRY_AFTER_SECONDS } : {}),
      ...(error instanceof HttpRefusal ? error.headers : {}),
    },
    // The members again at the end: no detail may pass itself off as the status or the code.
    body: { ...members, ...error.details, ...fields, ...members },
  };
}

function echoed({ field, value, rule }: FieldProblem): FieldProblem {
  return { field, value: cut(value), rule };
}

function cut(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return value.length > MAX_ECHO ? `${value.slice(0, MAX_ECHO)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  return text.length > MAX_ECHO ? `${text.slice(0, MAX_ECHO)}…` : value;
}
