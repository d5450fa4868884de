import { DomainError } from '@fangpin/domain-kit';

/** More requests wait than can be taken in good time: 503 with Retry-After. Nothing of the refused one has been done. */
export class TooBusy extends DomainError {
  constructor() {
    super('SERVICE.BUSY', 'unavailable', 'more requests are waiting than can be taken now; try again');
  }
}
