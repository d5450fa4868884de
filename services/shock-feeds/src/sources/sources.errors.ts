import { DomainError } from '@fangpin/domain-kit';

/** Nothing to fetch: the source is pushed, switched off, or no longer declared. */
export class SourceNotPolled extends DomainError {
  constructor(name: string, why: 'pushed' | 'off') {
    super(
      why === 'pushed' ? 'SOURCE.PUSHED' : 'SOURCE.OFF',
      'conflict',
      why === 'pushed' ? `source ${name} is pushed; there is nothing to fetch` : `source ${name} is switched off`,
      { name },
    );
  }
}

/** Another process, or another request, polls it at this moment. */
export class SourceBusy extends DomainError {
  constructor(name: string) {
    super('SOURCE.BUSY', 'conflict', `source ${name} is being polled at this moment`, { name });
  }
}
