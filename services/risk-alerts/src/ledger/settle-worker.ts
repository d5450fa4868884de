/**
 * The loops that settle ledgers, beside those that plan and run: to count a ledger takes as long as it has alerts, and the next live shock
 * waits for none. The ledgers that somebody waits for have one; those that a sweep opens again, and those of the bulk lane, another, which stands
 * aside for live slices before each. Any number of instances may run them.
 */
import { Database } from '@fangpin/persistence';
import { LOGGER, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CatchUp } from '../fan-out/catch-up.js';
import { Wakeups } from '../fan-out/wakeups.js';
import { givingWay, type GivingWay } from '../simulations/simulation-gate.js';
import { SettleLedger } from './settle-ledger.js';

/** Looks by itself this often; the fan-out worker wakes it. */
const IDLE_MS = 1_000;
/** While something waits for answers, it looks more often. */
const BUSY_MS = 50;
/** Before each ledger; in a round no longer than this, for a slice may hang. */
const ASIDE: GivingWay = { everyMs: 0, mostMs: 60_000, rest: async () => undefined };

@Injectable()
export class SettleWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #live = new Wakeups();
  readonly #rest = new Wakeups();
  readonly #stopping = new AbortController();
  #loops: Promise<unknown> | undefined;

  constructor(
    private readonly database: Database,
    private readonly settle: SettleLedger,
    private readonly catchUp: CatchUp,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#loops = Promise.all([
      this.loop(this.#live, () => this.settleLive()),
      this.loop(this.#rest, () => this.settleRest()),
    ]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#loops;
  }

  /** Something may have come farther. */
  wake(): void {
    this.#live.wake();
    this.#rest.wake();
  }

  private async loop(wakeups: Wakeups, round: () => Promise<number>): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      let open = 0;
      try {
        open = await round();
      } catch (error) {
        if (!this.#stopping.signal.aborted) this.log.warn({ err: error }, 'ledgers do not settle; trying again');
      }
      if (!this.#stopping.signal.aborted) await wakeups.next(open > 0 ? BUSY_MS : IDLE_MS);
    }
  }

  private async settleLive(): Promise<number> {
    await this.catchUp
      .execute()
      .catch((error: unknown) =>
        this.log.warn({ err: error }, 'fan-outs that are behind do not catch up; trying again'),
      );
    return this.settle.execute('live');
  }

  private async settleRest(): Promise<number> {
    const aside = givingWay(this.database, this.#stopping.signal, ASIDE);
    return (await this.settle.execute('reopened', aside)) + (await this.settle.execute('bulk', aside));
  }
}
