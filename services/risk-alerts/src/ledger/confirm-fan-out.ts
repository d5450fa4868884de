/** An officer's word that a shock over the set size is real and may open cases. */
import { DomainError } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { assertWithin, requireMatch, type Caller } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { findFanOuts } from '../fan-out/fan-out.js';
import { Wakeups } from '../fan-out/wakeups.js';
import { noFanOut } from './no-fan-out.js';

export class NothingToConfirm extends DomainError {
  constructor(shockId: string, state: string) {
    super('FAN_OUT.NOTHING_TO_CONFIRM', 'conflict', `the fan-out of shock ${shockId} is ${state}`, { shockId, state });
  }
}

interface FanOutRow {
  origin: number;
  shock_revision: number;
  state: string;
  confirmed_by: string | null;
  [column: string]: unknown;
}

/** Condition on rows `f` of fan_outs, by {@link keysOf}. */
const IS_ONE_OF = '(f.origin, f.shock_revision) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[]))';

const keysOf = (rows: readonly FanOutRow[]): [origins: number[], revisions: number[]] => [
  rows.map(({ origin }) => origin),
  rows.map(({ shock_revision }) => shock_revision),
];

/** Of fan-outs, latest revision first. */
function lastOfEachCause(rows: readonly FanOutRow[]): FanOutRow[] {
  const last = new Map<number, FanOutRow>();
  for (const row of rows) if (!last.has(row.origin)) last.set(row.origin, row);
  return [...last.values()];
}

@Injectable()
export class ConfirmFanOut {
  constructor(
    private readonly database: Database,
    private readonly wakeups: Wakeups,
  ) {}

  /**
   * Lets a waiting fan-out go on, and later revisions of the shock with it (fan-out/confirmation.rule.ts). Where a shock has several causes
   * the word is about all of them, each by its last fan-out: a word that it is over opens new ones only of the causes of which it says more.
   * Repeating it by the same officer changes nothing; other states refuse. 403 where the shock reaches beyond the officer's area, under
   * its latest revision or that of any cause which waits; 412 where `ifMatch` names another revision than the latest, so that nobody
   * confirms what is not on the screen.
   */
  async execute(shockId: string, caller: Caller, ifMatch?: string): Promise<void> {
    const officer = caller.subject;
    await this.database.transaction(caller.scope, async (tx) => {
      const rows = await tx.query<FanOutRow>(
        `SELECT f.origin, f.shock_revision, f.state, f.confirmed_by FROM fan_outs f JOIN origins o USING (origin)
         WHERE o.shock_id = $1 ORDER BY f.shock_revision DESC, f.origin FOR UPDATE OF f`,
        [shockId],
      );
      const latest = lastOfEachCause(rows);
      const [head] = latest;
      if (head === undefined) throw await noFanOut(tx, shockId);
      const waiting = latest.filter(({ state }) => state === 'awaiting-confirmation');
      for (const { shock } of await findFanOuts(tx, IS_ONE_OF, keysOf([head, ...waiting])))
        for (const region of shock.regions) assertWithin(caller, region);
      if (ifMatch !== undefined) requireMatch(ifMatch, head.shock_revision);
      if (waiting.length === 0) {
        if (latest.some(({ confirmed_by }) => confirmed_by === officer)) return;
        throw new NothingToConfirm(shockId, head.state);
      }
      // Back to planning: the exposure may have changed while it waited.
      await tx.execute(
        `UPDATE fan_outs f SET state = 'waiting', confirmed_by = $3, confirmed_revision = shock_revision,
           confirmed_households = candidates, asked_because = NULL
         WHERE ${IS_ONE_OF}`,
        [...keysOf(waiting), officer],
      );
      tx.afterCommit(() => this.wakeups.wake());
    });
  }
}
