/** Closes fan-outs whose ledger adds up: as done, or as recalled. */
import type { AlertLane } from '@fangpin/contracts';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import type { Clock } from '@fangpin/domain-kit';
import { Inject, Injectable } from '@nestjs/common';
import { alertRevision } from '../fan-out/alert-revision.js';
import { askForLooksAfter } from '../regional/ask-for-looks.js';
import { addsUp, ledgerOf, sumOf } from './ledger-sql.js';

interface RunningFanOut {
  readonly origin: number;
  readonly shock_revision: number;
  readonly direction: 'raise' | 'withdraw';
  readonly unfinished: boolean;
}

/** Of the fan-outs `f`. */
const UNFINISHED_SLICE = `SELECT FROM slices s WHERE s.origin = f.origin AND s.state IN ('waiting', 'claimed', 'stored')`;

@Injectable()
export class SettleLedger {
  constructor(
    private readonly database: Database,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Settles what can be settled of a lane; answers how many of its fan-outs are still on their way. */
  async execute(lane: AlertLane): Promise<number> {
    const scope = cellScope('job:settle', this.env.cellRegion);
    const running = await this.database.transaction(scope, (tx) =>
      tx.query<RunningFanOut & Record<string, unknown>>(
        `SELECT f.origin, f.shock_revision, f.direction, EXISTS (${UNFINISHED_SLICE}) AS unfinished
         FROM fan_outs f WHERE f.state = 'running' AND f.lane = $1 ORDER BY f.received_at, f.origin`,
        [lane],
      ),
    );
    let open = 0;
    // A transaction each: hundreds come at once in the bulk lane, and a revision that supersedes one waits for its row.
    for (const fanOut of running)
      if (fanOut.unfinished || !(await this.database.transaction(scope, (tx) => this.settle(tx, fanOut)))) open += 1;
    return open;
  }

  private async settle(tx: Tx, fanOut: RunningFanOut): Promise<boolean> {
    const [held] = await tx.query(
      `SELECT 1 FROM fan_outs f WHERE f.origin = $1 AND f.shock_revision = $2 AND f.state = 'running'
         AND NOT EXISTS (${UNFINISHED_SLICE}) FOR UPDATE OF f SKIP LOCKED`,
      [fanOut.origin, fanOut.shock_revision],
    );
    if (held === undefined) return false;
    // Cheap questions first: the ids are only counted when they could add up.
    if (!(await enoughAnswers(tx, fanOut))) return false;
    if (!addsUp(sumOf(await ledgerOf(tx, fanOut.origin)))) return false;
    await tx.execute(
      `UPDATE fan_outs SET state = $3, settled_at = coalesce(settled_at, $4) WHERE origin = $1 AND shock_revision = $2`,
      [fanOut.origin, fanOut.shock_revision, fanOut.direction === 'raise' ? 'done' : 'recalled', this.clock.now()],
    );
    await askForLooksAfter(tx, fanOut.origin);
    return true;
  }
}

/**
 * Every alert of a fan-out asks for an answer under its revision (or a later one). While there are fewer, nothing can add
 * up; repeats may make them more.
 */
async function enoughAnswers(tx: Tx, fanOut: RunningFanOut): Promise<boolean> {
  const [row] = await tx.query<{ stored: number; answered: number }>(
    `SELECT (SELECT coalesce(sum(alerted), 0)::int FROM slices
             WHERE origin = $1 AND shock_revision = $2 AND direction <> 'relook' AND state = 'published') AS stored,
            (SELECT coalesce(sum(cardinality(household_ids)), 0)::int FROM triage_answers
             WHERE origin = $1 AND alert_revision >= $3) AS answered`,
    [fanOut.origin, fanOut.shock_revision, alertRevision(fanOut.shock_revision)],
  );
  return row !== undefined && row.answered >= row.stored;
}
