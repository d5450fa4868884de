/** An officer says that a shock is over. What followed from it stays: its households are looked after to the end. */
import { DomainError, type Clock } from '@fangpin/domain-kit';
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
export class EndShock {
  constructor(
    private readonly database: Database,
    private readonly shocks: ShockStore,
    private readonly messages: MessageStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * One that is over already stays as it is. Refuses a price shock (409): its prices end it, and would open it again. A
   * later statement of the source itself opens a shock again.
   */
  async end(id: string, reason: string, caller: Caller): Promise<IntakeAnswer> {
    const shockId = readShockId(id);
    return this.database.transaction(cellScope('http:shocks'), async (tx) => {
      const shock = await this.shocks.getForUpdate(tx, shockId);
      const answer = { shockId: shock.shockId, outcome: 'updated', lane: shock.lane, problems: [] } as const;
      if (shock.state !== 'open') return answer;
      if (shock.origin === 'price')
        throw new DomainError(
          'SHOCK.ENDS_BY_PRICES',
          'conflict',
          'a price shock ends by its prices; cancel it if it is wrong',
          {
            shockId: shock.shockId,
          },
        );
      const at = this.clock.now();
      const key = `officer:${shock.shockId}:${shock.revision}`;
      await this.shocks.change(
        tx,
        shock,
        { content: contentOf(shock), state: 'ended', endsDueAt: shock.endsDueAt, end: { by: 'lifted', at } },
        { at, cause: 'ended', publish: false },
      );
      // In the chain it counts as the source's own word, whatever order later messages come in.
      const statement: Statement = { key, identity: key, type: 'lift', sent: at, references: [], endsDueAt: null };
      await this.messages.add(tx, {
        key,
        origin: 'officer',
        digest: digestOf(reason),
        received: { at, by: `${caller.role}/${caller.subject}` },
        outcome: 'updated',
        problems: [{ code: 'SHOCK.ENDED_BY_OFFICER', text: reason }],
        shockId: shock.shockId,
        statement,
      });
      return answer;
    });
  }
}
