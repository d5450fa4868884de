/** How many live ledgers an instance keeps open, so that watching never takes the connections that the work needs. */
import { HttpRefusal } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LEDGER_SETTINGS, type LedgerSettings } from '../settings.js';

const RETRY_SECONDS = '30';

export class TooManyListeners extends HttpRefusal {
  constructor(limit: number) {
    const code = 'LEDGER.TOO_MANY_LISTENERS';
    const message = `${limit} live ledgers are open already; read the ledger without /events, or try again`;
    super(503, code, message, { limit }, { 'retry-after': RETRY_SECONDS }, 'unavailable');
  }
}

export class TooManyOfAccount extends HttpRefusal {
  constructor(limit: number) {
    const code = 'LEDGER.TOO_MANY_OF_ACCOUNT';
    super(
      429,
      code,
      `this account has ${limit} live ledgers open already`,
      { limit },
      { 'retry-after': RETRY_SECONDS },
    );
  }
}

/** Its listeners were just sent away, and come again. */
export class NoLongerTold extends HttpRefusal {
  constructor() {
    const code = 'LEDGER.STOPPING';
    super(503, code, 'this instance stops; try again', {}, { 'retry-after': '2' }, 'unavailable');
  }
}

@Injectable()
export class Listeners implements BeforeApplicationShutdown {
  readonly #open = new Map<AbortController, string>();
  #stopping = false;

  constructor(@Inject(LEDGER_SETTINGS) private readonly settings: LedgerSettings) {}

  get count(): number {
    return this.#open.size;
  }

  /**
   * A place for one listener; `leave` gives it back. The signal aborts then, when the time of a listener is over and when the
   * service stops. Refuses over the limits.
   */
  enter(subject: string): { signal: AbortSignal; leave: () => void } {
    const { listeners, listenersPerAccount, listenSeconds } = this.settings;
    if (this.#stopping) throw new NoLongerTold();
    if (this.#open.size >= listeners) throw new TooManyListeners(listeners);
    const own = [...this.#open.values()].filter((held) => held === subject).length;
    if (own >= listenersPerAccount) throw new TooManyOfAccount(listenersPerAccount);
    const controller = new AbortController();
    this.#open.set(controller, subject);
    const timer = setTimeout(() => controller.abort(), listenSeconds * 1_000).unref();
    return {
      signal: controller.signal,
      leave: () => {
        clearTimeout(timer);
        this.#open.delete(controller);
        controller.abort();
      },
    };
  }

  // An open stream would hold up the end of the server for a quarter of an hour, and so would one begun while the jobs end.
  beforeApplicationShutdown(): void {
    this.#stopping = true;
    for (const controller of this.#open.keys()) controller.abort();
  }
}
