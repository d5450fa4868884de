/** An officer's word that a shock over the set size is real and may open cases. */
import { DomainError, NotFound } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { assertWithin, requireMatch, type Caller } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { findFanOuts } from '../fan-out/fan-out.js';
import { Wakeups } from '../fan-out/wakeups.js';

export class NothingToConfirm extends DomainError {
  constructor(shockId: string, state: string) {
    super('FAN_OUT.NOTHING_TO_CONFIRM', 'conflict', `the fan-out of shock ${shockId} is ${state}`, { shockId, state });
  }
}

@Injectable()
export class ConfirmFanOut {
  constructor(
    private readonly database: Database,
    private readonly wakeups: Wakeups,
  ) {}

  /**
   * Lets a waiting fan-out go on, and later revisions of the shock with it (fan-out/confirmation.rule.ts). Repeating it by the same officer
   * changes nothing; other states refuse. 403 where the shock reaches beyond the officer's area; 412 where `ifMatch` names another
   * revision than the latest, so that nobody confirms what is not on the screen.
   */
  async execute(shockId: string, caller: Caller, ifMatch?: string): Promise<void> {
    const officer = caller.subject;
    await this.database.transaction(caller.scope, async (tx) => {
      const rows = await tx.query<{
        origin: number;
        shock_revision: number;
        state: string;
        confirmed_by: string | null;
      }>(
        `SELECT f.origin, f.shock_revision, f.state, f.confirmed_by FROM fan_outs f JOIN origins o USING (origin)
         WHERE o.shock_id = $1 ORDER BY f.shock_revision DESC, f.origin FOR UPDATE OF f`,
        [shockId],
      );
      const row = rows[0];
      if (row === undefined) throw new NotFound('fan-out', shockId);
      for (const { shock } of await findFanOuts(tx, 'f.origin = $1 AND f.shock_revision = $2', [
        row.origin,
        row.shock_revision,
      ]))
        for (const region of shock.regions) assertWithin(caller, region);
      if (ifMatch !== undefined) requireMatch(ifMatch, row.shock_revision);
      // A shock may have several causes: the officer's word is about all of its latest revision.
      const latest = rows.filter(({ shock_revision }) => shock_revision === row.shock_revision);
      const waiting = latest.filter(({ state }) => state === 'awaiting-confirmation');
      if (waiting.length === 0) {
        if (latest.some(({ confirmed_by }) => confirmed_by === officer)) return;
        throw new NothingToConfirm(shockId, row.state);
      }
      // Back to planning: the exposure may have changed while it waited.
      await tx.execute(
        `UPDATE fan_outs SET state = 'waiting', confirmed_by = $3, confirmed_revision = shock_revision,
           confirmed_households = candidates, asked_because = NULL
         WHERE origin = ANY($1::bigint[]) AND shock_revision = $2`,
        [waiting.map(({ origin }) => origin), row.shock_revision, officer],
      );
      tx.afterCommit(() => this.wakeups.wake());
    });
  }
}
