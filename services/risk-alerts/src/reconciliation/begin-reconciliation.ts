/**
 * Writes down what a comparison that was asked for compares: exposure with its owners, whom shocks touch with who was judged, and all shocks and
 * findings that should have settled: one question for each origin and township, and one for some hundred findings or joint alerts. What is held here is
 * read when the question is asked, origin by origin.
 */
import { arrayLiteral, cellScope, Database, type Tx } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import { liveWork } from '../simulations/simulation-gate.js';
import { beginExposure } from './exposure/begin-exposure.js';
import { beginJudgements } from './judgements/begin-judgements.js';
import { comparableGroups, type ManyOrigins } from './finding-tallies.js';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from './settings.js';
import { comparableOrigins } from './tally-sql.js';

// Every alert came in a slice that names its township. An answer may be of another one: of a household that nobody was alerted for here.
const BEGIN_ORIGINS = `
INSERT INTO reconciliation_tallies (reconciliation_no, origin, duty_code, state, round, households, hash, asked_at)
SELECT $1, origin, township * ${TOWNSHIP_SPAN}, 'resting', 0, 0, '', 'epoch' FROM (
  SELECT origin, unnest(townships) AS township FROM slices WHERE origin = ANY($2::bigint[])
  UNION SELECT origin, duty_code / ${TOWNSHIP_SPAN} FROM triage_answers WHERE origin = ANY($2::bigint[])) AS place`;

@Injectable()
export class BeginReconciliation {
  constructor(
    private readonly database: Database,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(RECONCILIATION_SETTINGS) private readonly settings: ReconciliationSettings,
  ) {}

  /** Answers whether one was to begin that no other instance begins. None does while slices of live shocks are to be run. */
  async execute(): Promise<boolean> {
    if (await liveWork(this.database)) return false;
    return this.database.transaction(cellScope('job:reconciliation', this.env.cellRegion), async (tx) => {
      const [asked] = await tx.query<{ no: number }>(
        'SELECT reconciliation_no AS no FROM reconciliations WHERE begins AND closed_at IS NULL FOR NO KEY UPDATE SKIP LOCKED',
      );
      if (asked === undefined) return false;
      await tx.execute(BEGIN_ORIGINS, [asked.no, arrayLiteral(await comparableOrigins(tx, this.settings))]);
      for (const direction of ['findings', 'joint'] as const) await this.beginGroups(tx, asked.no, direction);
      await beginExposure(tx, asked.no);
      await beginJudgements(tx, asked.no, this.settings);
      await tx.execute('UPDATE reconciliations SET begins = false WHERE reconciliation_no = $1', [asked.no]);
      return true;
    });
  }

  private async beginGroups(tx: Tx, no: number, direction: ManyOrigins): Promise<void> {
    const groups = await comparableGroups(tx, direction, this.settings);
    for (const [i, { township, origins }] of groups.entries()) {
      // Of a township's groups each asks for the others between its origins and those of the group before.
      const before = groups[i - 1]?.township === township ? groups[i - 1] : undefined;
      const others = direction === 'findings' ? null : this.settings.days;
      await tx.execute(
        `INSERT INTO reconciliation_tallies (reconciliation_no, origin, duty_code, state, round, households, hash, asked_at, origins,
           others_since, others_above, others_up_to)
         VALUES ($1, $2, $3, 'resting', 0, 0, '', 'epoch', $4, now() - make_interval(days => $5), $6, $7)`,
        [
          no,
          origins[0],
          township * TOWNSHIP_SPAN,
          arrayLiteral(origins),
          others,
          before?.origins.at(-1) ?? -1,
          groups[i + 1]?.township === township ? origins.at(-1) : Number.MAX_SAFE_INTEGER,
        ],
      );
    }
  }
}
