/** Closes fan-outs whose ledger adds up: as done, or as recalled. */
import type { AlertLane } from '@fangpin/contracts';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import type { Clock } from '@fangpin/domain-kit';
import { Inject, Injectable } from '@nestjs/common';
import { alertRevision } from '../fan-out/alert-revision.js';
import { askForLooksAfter } from '../regional/ask-for-looks.js';
import { addsUp, ledgerOf, sumOf } from './ledger-sql.js';

interface OpenFanOut {
  readonly origin: number;
  readonly shock_revision: number;
  readonly direction: 'raise' | 'withdraw';
}

@Injectable()
export class SettleLedger {
  constructor(
    private readonly database: Database,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Settles what can be settled; answers how many fan-outs are still on their way. */
  async execute(): Promise<number> {
    // One after the other: counting what came in bulk must not hold up the commit of what is live.
    return (await this.settleLane('live')) + (await this.settleLane('bulk'));
  }

  private async settleLane(lane: AlertLane): Promise<number> {
    return this.database.transaction(cellScope('job:settle', this.env.cellRegion), async (tx) => {
      const running = await tx.query<OpenFanOut & Record<string, unknown>>(
        `SELECT origin, shock_revision, direction FROM fan_outs WHERE state = 'running' AND lane = $1 FOR UPDATE SKIP LOCKED`,
        [lane],
      );
      let open = 0;
      for (const fanOut of running) if (!(await this.settle(tx, fanOut))) open += 1;
      return open;
    });
  }

  private async settle(tx: Tx, fanOut: OpenFanOut): Promise<boolean> {
    // Cheap questions first: the ids are only counted when they could add up.
    if (await hasUnfinishedSlices(tx, fanOut.origin)) return false;
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

async function hasUnfinishedSlices(tx: Tx, origin: number): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM slices WHERE origin = $1 AND state IN ('waiting', 'claimed', 'stored') LIMIT 1`,
    [origin],
  );
  return rows.length > 0;
}

/**
 * Every alert of a fan-out asks for an answer under its revision (or a later one). While there are fewer, nothing can add
 * up; repeats may make them more.
 */
async function enoughAnswers(tx: Tx, fanOut: OpenFanOut): Promise<boolean> {
  const [row] = await tx.query<{ stored: number; answered: number }>(
    `SELECT (SELECT coalesce(sum(alerted), 0)::int FROM slices
             WHERE origin = $1 AND shock_revision = $2 AND direction <> 'relook' AND state = 'published') AS stored,
            (SELECT coalesce(sum(cardinality(household_ids)), 0)::int FROM triage_answers
             WHERE origin = $1 AND alert_revision >= $3) AS answered`,
    [fanOut.origin, fanOut.shock_revision, alertRevision(fanOut.shock_revision)],
  );
  return row !== undefined && row.answered >= row.stored;
}
