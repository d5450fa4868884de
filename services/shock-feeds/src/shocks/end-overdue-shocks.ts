/** Ends shocks whose time is over. Any instance may do it: rows are claimed with SKIP LOCKED. */
import { cellScope, Database } from '@fangpin/persistence';
import type { Clock } from '@fangpin/domain-kit';
import { CLOCK, LOGGER, Rounds, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { contentOf, ShockStore, type ShockDraft } from './shock-store.js';
import type { ShockEntity } from './shock.entity.js';

const EVERY_MS = 15_000;
const BATCH = 100;

@Injectable()
export class EndOverdueShocks implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds(
    EVERY_MS,
    async () => {
      const ended = await this.sweep();
      if (ended > 0) this.log.info({ ended }, 'overdue shocks ended');
    },
    (error) => this.log.warn({ err: error }, 'overdue shocks could not be ended; the next round tries again'),
  );

  constructor(
    private readonly database: Database,
    private readonly shocks: ShockStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Ends all that is due and answers how many. */
  async sweep(): Promise<number> {
    let ended = 0;
    for (;;) {
      const batch = await this.#endSome();
      ended += batch;
      if (batch < BATCH || this.#rounds.signal.aborted) return ended;
    }
  }

  async #endSome(): Promise<number> {
    return this.database.transaction(cellScope('job:end-shocks'), async (tx) => {
      const at = this.clock.now();
      const due = await tx.query<{ shock_id: string }>(
        `SELECT shock_id FROM shocks WHERE state = 'open' AND ends_due_at <= $1
         ORDER BY ends_due_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
        [at],
      );
      const shocks = await this.shocks.findManyForUpdate(
        tx,
        due.map(({ shock_id }) => shock_id),
      );
      await this.shocks.saveAll(
        tx,
        shocks.map((before) => ({
          before,
          draft: { content: contentOf(before), state: 'ended', endsDueAt: before.endsDueAt, end: endOf(before, at) },
          change: { at, cause: 'ended', publish: false },
        })),
      );
      return due.length;
    });
  }
}

/** By its own time: the hour that a forecast stated, else the day on which its life ran out. */
function endOf({ observed, expires, endsDueAt }: ShockEntity, at: Date): NonNullable<ShockDraft['end']> {
  return { by: 'expiry', at: (observed ? endsDueAt : expires) ?? endsDueAt ?? at };
}
