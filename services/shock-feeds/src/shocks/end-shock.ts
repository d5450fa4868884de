/** An officer says that a shock is over. What followed from it stays: its households are looked after to the end. */
import { DomainError, type Clock } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { CLOCK, type Caller } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { IntakeAnswer } from '../intake/answer.js';
import { SayForOfficer } from './officers-word.js';
import { ShockStore } from './shock-store.js';
import { readShockId } from './shocks-of-area.js';

@Injectable()
export class EndShock {
  constructor(
    private readonly database: Database,
    private readonly shocks: ShockStore,
    private readonly officer: SayForOfficer,
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
      await this.officer.say(tx, shock, {
        type: 'lift',
        reason,
        caller,
        at,
        state: { state: 'ended', end: { by: 'lifted', at } },
        cause: 'ended',
        outcome: 'updated',
        problems: [{ code: 'SHOCK.ENDED_BY_OFFICER', text: reason }],
      });
      return answer;
    });
  }
}
