/**
 * Begins a comparison of the exposure with its owners, of whom shocks touch with who was judged, and of all shocks and findings that should
 * have settled: one question for each origin and township, and one for some hundred findings or joint alerts.
 */
import { topics } from '@fangpin/contracts';
import { Outbox } from '@fangpin/messaging';
import { arrayLiteral, cellScope, Database, type Tx } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import { tallyMessages } from './ask-tallies.js';
import { beginExposure } from './exposure/begin-exposure.js';
import { beginJudgements } from './judgements/begin-judgements.js';
import { comparableGroups, type ManyOrigins } from './finding-tallies.js';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from './settings.js';
import { comparableOrigins, talliesOf } from './tally-sql.js';

@Injectable()
export class StartReconciliation {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(RECONCILIATION_SETTINGS) private readonly settings: ReconciliationSettings,
  ) {}

  /** At once, for an officer; answers the number of the one that runs already where one does. */
  execute(askedBy: string): Promise<number> {
    return this.transaction((tx) => this.start(tx, askedBy));
  }

  /** The daily one, when it is due and no other instance has taken it. */
  executeWhenDue(): Promise<number | undefined> {
    return this.transaction(async (tx) => {
      const [due] = await tx.query(
        'SELECT 1 FROM reconciliation_clock WHERE due_at <= clock_timestamp() FOR UPDATE SKIP LOCKED',
      );
      if (due === undefined) return undefined;
      await tx.execute('UPDATE reconciliation_clock SET due_at = clock_timestamp() + make_interval(hours => $1)', [
        this.settings.everyHours,
      ]);
      return this.start(tx, null);
    });
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(cellScope('job:reconciliation', this.env.cellRegion), work);
  }

  private async start(tx: Tx, askedBy: string | null): Promise<number> {
    const [begun] = await tx.query<{ no: number }>(
      `INSERT INTO reconciliations (asked_by) VALUES ($1) ON CONFLICT DO NOTHING RETURNING reconciliation_no AS no`,
      [askedBy],
    );
    if (begun === undefined) return openOne(tx);
    const origins = await comparableOrigins(tx, this.settings);
    const tallies = origins.length === 0 ? [] : await talliesOf(tx, origins, this.settings.quietSeconds);
    const shocks = await tx.query<{ origin: number; shock_id: string }>(
      'SELECT origin, shock_id FROM origins WHERE origin = ANY($1::bigint[])',
      [origins],
    );
    await tx.execute(
      `INSERT INTO reconciliation_tallies (reconciliation_no, origin, duty_code, state, households, hash, checks, checks_hash)
       SELECT $1, origin, duty_code, 'asked', households, hash, checks, checks_hash
       FROM unnest($2::bigint[], $3::bigint[], $4::int[], $5::text[], $6::int[], $7::text[])
         AS t (origin, duty_code, households, hash, checks, checks_hash)`,
      [
        begun.no,
        arrayLiteral(tallies.map(({ origin }) => origin)),
        arrayLiteral(tallies.map(({ township }) => township * TOWNSHIP_SPAN)),
        tallies.map(({ households }) => households),
        tallies.map(({ hash }) => hash),
        tallies.map(({ checks }) => checks),
        tallies.map(({ checksHash }) => checksHash),
      ],
    );
    for (const direction of ['findings', 'joint'] as const) await this.beginGroups(tx, begun.no, direction);
    await beginExposure(tx, begun.no);
    await beginJudgements(tx, begun.no, this.settings);
    const shockIds = new Map(shocks.map(({ origin, shock_id }) => [origin, shock_id]));
    const asked = tallies.map((tally) => ({ ...tally, checked: tally }));
    await this.outbox.add(tx, topics.answerTally, tallyMessages(begun.no, asked, shockIds));
    return begun.no;
  }

  /** Groups of findings and joint alerts are asked for one by one by the job: there may be hundreds of them, and somebody waits for this. */
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

async function openOne(tx: Tx): Promise<number> {
  const [open] = await tx.query<{ no: number }>(
    'SELECT reconciliation_no AS no FROM reconciliations ORDER BY reconciliation_no DESC LIMIT 1',
  );
  return open?.no ?? 0;
}
