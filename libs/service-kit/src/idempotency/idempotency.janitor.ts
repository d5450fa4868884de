import { cellScope, Database } from '@fangpin/persistence';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../tokens.js';

/** A client that repeats after this long gets no remembered answer; the content's own identity still decides. */
const KEPT_DAYS = 30;
const EVERY_MS = 3_600_000;

/** Forgets old idempotency keys, hourly. */
@Injectable()
export class IdempotencyJanitor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#purge(), EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  async #purge(): Promise<void> {
    try {
      const gone = await this.database.transaction(cellScope('job:idempotency-janitor'), (tx) =>
        tx.execute('DELETE FROM idempotency_keys WHERE created_at < now() - make_interval(days => $1)', [KEPT_DAYS]),
      );
      if (gone > 0) this.log.info({ gone }, 'old idempotency keys forgotten');
    } catch (error) {
      this.log.warn({ err: error }, 'old idempotency keys could not be removed; the next hour tries again');
    }
  }
}
