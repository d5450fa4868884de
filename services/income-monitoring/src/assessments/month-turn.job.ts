import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { CLOCK, ENV, LOGGER, type Logger } from '@fangpin/service-kit';
import type { IncomeEnv } from '../env.js';
import { takeLedger } from '../ledger/ledger-lock.js';
import { monthOfDay } from '../ledger/month.js';
import { AssessHouseholds } from './assess-households.js';

const SLICE = 5_000;

/**
 * When the month turns, every window moves: assesses all followed households anew, slice by slice. A slice is claimed by its
 * row locks (SKIP LOCKED), so several instances share the work and a killed one costs its slice.
 */
@Injectable()
export class MonthTurnJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly assess: AssessHouseholds,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: IncomeEnv,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#running = this.#tick();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Assesses all that are due; answers how many households were looked at. */
  async run(): Promise<number> {
    let total = 0;
    for (let done = SLICE; done === SLICE && !this.#stopped; total += done) done = await this.#slice();
    return total;
  }

  async #tick(): Promise<void> {
    try {
      const households = await this.run();
      if (households > 0) this.log.info({ households }, 'assessed over the new window');
    } catch (error) {
      this.log.warn({ err: error }, 'the month turn did not finish; it goes on at the next tick');
    }
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void (this.#running = this.#tick()), this.env.monthTurnSeconds * 1000).unref();
  }

  #slice(): Promise<number> {
    const month = monthOfDay(shanghaiDay(this.clock.now()));
    return this.database.transaction(cellScope('job:month-turn', this.env.cellRegion), async (tx) => {
      await takeLedger(tx, 'shared');
      const due = await tx.query<{ household_id: number }>(
        `SELECT household_id FROM households WHERE state = 'active' AND assessed_month < $1
         ORDER BY assessed_month, household_id LIMIT $2 FOR UPDATE SKIP LOCKED`,
        [month, SLICE],
      );
      const ids = due.map((row) => row.household_id);
      if (ids.length === 0) return 0;
      await this.assess.execute(tx, ids);
      await tx.execute('UPDATE households SET assessed_month = $2 WHERE household_id = ANY($1)', [ids, month]);
      return ids.length;
    });
  }
}
