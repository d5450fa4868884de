import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { CLOCK, ENV, LOGGER, Rounds, type Logger } from '@fangpin/service-kit';
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
  readonly #rounds: Rounds;

  constructor(
    private readonly database: Database,
    private readonly assess: AssessHouseholds,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: IncomeEnv,
    @Inject(LOGGER) log: Logger,
  ) {
    this.#rounds = new Rounds(
      env.monthTurnSeconds * 1_000,
      async () => {
        const households = await this.run();
        if (households > 0) log.info({ households }, 'assessed over the new window');
      },
      (error) => log.warn({ err: error }, 'the month turn did not finish; it goes on in the next round'),
    );
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Assesses all that are due; answers how many households were looked at. */
  async run(): Promise<number> {
    let total = 0;
    for (let done = SLICE; done === SLICE && !this.#rounds.signal.aborted; total += done) done = await this.#slice();
    return total;
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
