import { HttpRefusal } from './problems/http-refusal.js';

/** What people edit has moved on since they read it. */
export class PreconditionFailed extends HttpRefusal {
  constructor(current: string) {
    super(
      412,
      'PRECONDITION.FAILED',
      'it has been changed since it was read; read it again',
      { current },
      { etag: current },
    );
  }
}

export class PreconditionRequired extends HttpRefusal {
  constructor() {
    super(428, 'PRECONDITION.REQUIRED', 'send the ETag that was read in an If-Match header');
  }
}

/** The strong entity tag of a revision (libs/domain-kit). */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/** Lets a change pass only on the revision that its sender saw: 428 without `If-Match`, 412 with another revision's. */
export function requireMatch(ifMatch: string | undefined, revision: number): void {
  if (ifMatch === undefined || ifMatch.trim() === '') throw new PreconditionRequired();
  const current = etagOf(revision);
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  // If-Match compares strongly (RFC 9110 §13.1.1): a weak tag never matches.
  if (!tags.includes('*') && !tags.includes(current)) throw new PreconditionFailed(current);
}
