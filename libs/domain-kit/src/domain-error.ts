/**
 * Refusals of the domain. Each has a stable code; HTTP status is decided in one filter (service-kit). No personal data
 * may stand in a message.
 */
export type ErrorKind =
  'invalid' | 'not-found' | 'conflict' | 'forbidden' | 'unavailable' | 'too-large' | 'unsupported';

export class DomainError extends Error {
  constructor(
    readonly code: string,
    readonly kind: ErrorKind,
    message: string,
    /** Values involved, for the problem document; never personal data. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = new.target.name;
  }
}

export interface FieldProblem {
  /** Path of the field as the sender wrote it, for example `rows[3].price`. */
  readonly field: string;
  readonly value: unknown;
  readonly rule: string;
}

/** One or more fields break a rule; names every one of them. */
export class InvalidFields extends DomainError {
  constructor(
    readonly problems: readonly FieldProblem[],
    code = 'REQUEST.INVALID_FIELDS',
  ) {
    super(code, 'invalid', problems.map((p) => `${p.field} ${p.rule}`).join('; '), { errors: problems });
  }
}

export class InvalidValue extends InvalidFields {
  constructor(field: string, value: unknown, rule: string) {
    super([{ field, value, rule }], 'REQUEST.INVALID_VALUE');
  }
}

export class NotFound extends DomainError {
  constructor(what: string, id: string) {
    super(`${what.toUpperCase().replaceAll(/[^A-Z]+/g, '_')}.NOT_FOUND`, 'not-found', `no ${what} ${id}`, { id });
  }
}

export class OutsideScope extends DomainError {
  constructor(region: string) {
    super('SCOPE.OUTSIDE', 'forbidden', `region ${region} lies outside the caller's area`, { region });
  }
}
