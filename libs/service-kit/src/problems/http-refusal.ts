import { DomainError, type ErrorKind } from '@fangpin/domain-kit';

/** A refusal that only HTTP knows (a missing token, a failed precondition, too many requests): status and headers are its own. */
export class HttpRefusal extends DomainError {
  constructor(
    readonly status: number,
    code: string,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
    kind: ErrorKind = 'conflict',
  ) {
    super(code, kind, message, details);
  }
}
