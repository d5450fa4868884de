/** An officer calls a shock off: all that followed from it is recalled. */
import type { Clock } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { CLOCK, type Caller } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { IntakeAnswer } from '../intake/answer.js';
import { SayForOfficer } from './officers-word.js';
import { ShockStore } from './shock-store.js';
import { readShockId } from './shocks-of-area.js';

@Injectable()
export class CancelShock {
  constructor(
    private readonly database: Database,
    private readonly shocks: ShockStore,
    private readonly officer: SayForOfficer,
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
      const cancelled = await this.officer.say(tx, shock, {
        type: 'cancel',
        reason,
        caller,
        at,
        state: {
          state: 'cancelled',
          end: { by: 'cancelled', at },
          cancelledBy: 'officer',
          cancelReason: reason,
        },
        cause: 'cancelled',
        outcome: 'cancelled',
        problems: [],
      });
      return { shockId: cancelled.shockId, outcome: 'cancelled', lane: cancelled.lane, problems: [] };
    });
  }
}
