/**
 * The loop that looks at changed households again, beside that of the shocks: an import that changes a whole county keeps no
 * shock waiting. Any number of instances may run it. Before each batch it stands aside for slices of the live lane.
 */
import { Database } from '@fangpin/persistence';
import { LOGGER, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { liveWork } from '../simulations/simulation-gate.js';
import { LookFailed } from './relook-queue.js';
import { Relook, RELOOK_BATCH } from './relook.js';
import { Wakeups } from './wakeups.js';

const IDLE_MS = 500;
/** While a live slice waits or runs, and after a failure. */
const REST_MS = 200;
/** Aside for so long at most between two batches: a slice may hang. */
const ASIDE_MS = 60_000;

@Injectable()
export class RelookWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #sleep = new Wakeups();
  #stopping = false;
  #loop: Promise<void> | undefined;
  #most = RELOOK_BATCH;
  #asideSince: number | undefined;

  constructor(
    private readonly database: Database,
    private readonly relook: Relook,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    this.#sleep.wake();
    await this.#loop;
  }

  private async run(): Promise<void> {
    while (!this.#stopping) {
      const restMs = await this.round().catch((error: unknown) => {
        this.log.warn({ err: error }, 'changed households could not be looked at; trying again');
        return IDLE_MS;
      });
      if (restMs > 0 && !this.#stopping) await this.#sleep.next(restMs);
    }
  }

  /** Looks at one batch; answers how long to rest after it. */
  private async round(): Promise<number> {
    if (await this.standsAside()) return REST_MS;
    try {
      const done = await this.relook.execute(this.#most);
      this.#most = Math.min(RELOOK_BATCH, 2 * this.#most);
      return done > 0 ? 0 : IDLE_MS;
    } catch (error) {
      if (!(error instanceof LookFailed)) throw error;
      const [householdId] = error.householdIds;
      // Fewer and fewer of the same households, until the one is alone that cannot be looked at.
      if (error.householdIds.length > 1) {
        this.#most = Math.ceil(error.householdIds.length / 2);
        this.log.warn({ err: error, most: this.#most }, 'changed households could not be looked at; trying with fewer');
      } else if (householdId !== undefined) {
        await this.relook.putOff(householdId);
        this.log.error({ err: error, householdId }, 'a changed household cannot be looked at; it is tried again later');
      }
      return REST_MS;
    }
  }

  private async standsAside(): Promise<boolean> {
    const now = performance.now();
    const aside = await liveWork(this.database);
    if (aside && now - (this.#asideSince ??= now) < ASIDE_MS) return true;
    this.#asideSince = undefined;
    return false;
  }
}
