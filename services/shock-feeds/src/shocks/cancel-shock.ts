/** An officer calls a shock off: all that followed from it is recalled. */
import type { Clock } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { CLOCK, type Caller } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { IntakeAnswer } from '../intake/answer.js';
import { MessageStore } from '../intake/message-store.js';
import { digestOf } from '../intake/received.js';
import type { Statement } from './chain.rule.js';
import { contentOf, ShockStore } from './shock-store.js';
import { readShockId } from './shocks-of-area.js';

@Injectable()
export class CancelShock {
  constructor(
    private readonly database: Database,
    private readonly shocks: ShockStore,
    private readonly messages: MessageStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A shock that is cancelled already stays as it is. A later statement of the source itself opens it again. */
  async cancel(id: string, reason: string, caller: Caller): Promise<IntakeAnswer> {
    const shockId = readShockId(id);
    return this.database.transaction(cellScope('http:shocks'), async (tx) => {
      const shock = await this.shocks.getForUpdate(tx, shockId);
      if (shock.state === 'cancelled')
        return { shockId: shock.shockId, outcome: 'cancelled', lane: shock.lane, problems: [] };
      const at = this.clock.now();
      const key = `officer:${shock.shockId}:${shock.revision}`;
      const cancelled = await this.shocks.change(
        tx,
        shock,
        {
          content: contentOf(shock),
          state: 'cancelled',
          endsDueAt: shock.endsDueAt,
          end: { by: 'cancelled', at },
          cancelledBy: 'officer',
          cancelReason: reason,
        },
        { at, cause: 'cancelled', publish: false },
      );
      // In the chain it counts as a Cancel like any other, whatever order the source's own messages come in.
      const statement: Statement = {
        key,
        identity: key,
        type: 'cancel',
        sent: at,
        references: [],
        endsDueAt: null,
      };
      await this.messages.add(tx, {
        key,
        origin: 'officer',
        digest: digestOf(reason),
        received: { at, by: `${caller.role}/${caller.subject}` },
        outcome: 'cancelled',
        problems: [],
        shockId: cancelled.shockId,
        statement,
      });
      return { shockId: cancelled.shockId, outcome: 'cancelled', lane: cancelled.lane, problems: [] };
    });
  }
}
