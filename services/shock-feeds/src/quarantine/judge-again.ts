/** Messages that wait for want of boundaries are judged again when boundaries come, and go out by themselves. */
import { isTransient } from '@fangpin/messaging';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { CLOCK, LOGGER, type Logger } from '@fangpin/service-kit';
import type { Clock } from '@fangpin/domain-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ShockMessageEntity } from '../shocks/shock-message.entity.js';
import { PlaceReleased } from './place-released.js';

const WAITS_FOR_BOUNDARIES = JSON.stringify([{ code: 'AREA.POLYGON_WITHOUT_BOUNDARIES' }]);

@Injectable()
export class JudgeAgain {
  constructor(
    private readonly database: Database,
    private readonly released: PlaceReleased,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** How many left the quarantine. One transaction each, oldest first: one that fails holds up none of the others. */
  async withNewBoundaries(by: string): Promise<number> {
    const waiting = await this.#in((tx) =>
      tx.query<{ message_id: number }>(
        `SELECT message_id FROM shock_messages
         WHERE outcome = 'quarantined' AND said IS NOT NULL AND problems @> $1::jsonb ORDER BY message_id`,
        [WAITS_FOR_BOUNDARIES],
      ),
    );
    let released = 0;
    for (const { message_id: id } of waiting)
      try {
        if (await this.#in((tx) => this.#judge(tx, id, by))) released += 1;
      } catch (error) {
        if (isTransient(error)) throw error;
        this.log.error({ err: error, messageId: id }, 'a quarantined message could not be judged again');
      }
    return released;
  }

  async #judge(tx: Tx, messageId: number, by: string): Promise<boolean> {
    const message = await tx.manager.getRepository(ShockMessageEntity).findOne({
      where: { messageId, outcome: 'quarantined' },
      lock: { mode: 'pessimistic_write' },
    });
    if (message === null) return false;
    const settlement = { by: 'boundaries' };
    const settled = { settledAt: this.clock.now(), settledBy: by, settlement };
    return (await this.released.place(tx, message, settled)).placed !== undefined;
  }

  #in<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(cellScope('http:boundaries'), work);
  }
}
