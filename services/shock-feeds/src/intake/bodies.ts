import { DomainError } from '@fangpin/domain-kit';

/** The body came in a content type that this path does not take (415). */
export class WrongContentType extends DomainError {
  constructor(taken: readonly string[]) {
    super('REQUEST.CONTENT_TYPE', 'unsupported', `send ${taken.join(' or ')}`, { taken });
  }
}

/** `charset` of a Content-Type header. */
export function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([A-Za-z0-9._-]{1,40})"?/i.exec(contentType ?? '')?.[1];
}
