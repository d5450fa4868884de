/** Asks the owners about townships that are due, as many in one query as a transaction may hold. */
import { topics } from '@fangpin/contracts';
import { inSavepoint, Outbox, type OutgoingMessage } from '@fangpin/messaging';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { liveExposure } from '../../exposure/exposure-sets.js';
import { townshipOf } from '../../fan-out/township.js';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from '../settings.js';
import { RecordFindings } from '../record-findings.js';
import { censusMessage, talliesMessage } from './exposure-messages.js';
import { WorkOnRow } from '../work-on-row.js';
import { changeExposureRow, claimDue, workOn, type ExposureRow } from './exposure-rows.js';
import { villageTallies, type TownshipVillageTally } from './exposure-sql.js';
import { SUBJECTS, type Subject } from './subjects.js';

@Injectable()
export class AskExposure {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly findings: RecordFindings,
    private readonly rows: WorkOnRow,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(RECONCILIATION_SETTINGS) private readonly settings: ReconciliationSettings,
  ) {}

  /** Answers how many townships were due; those that were silent in the last round become alarms. */
  execute(): Promise<number> {
    return this.database.transaction(cellScope('job:reconciliation', this.env.cellRegion), async (tx) => {
      const due = await claimDue(tx, this.settings);
      try {
        await inSavepoint(tx, (within) => this.carryOn(within, due));
      } catch {
        // One of them cannot be asked about: each by itself, so that only that one is not.
        for (const row of due) await this.rows.execute(tx, workOn(row), (within) => this.carryOn(within, [row]));
      }
      return due.length;
    });
  }

  private async carryOn(tx: Tx, due: readonly ExposureRow[]): Promise<void> {
    const silent = due.filter(({ state, round }) => state === 'asked' && round >= this.settings.rounds);
    for (const row of silent) await this.giveUp(tx, row);
    for (const subject of SUBJECTS)
      await this.ask(
        tx,
        subject,
        due.filter((row) => row.subject === subject && !silent.includes(row)),
      );
  }

  private async ask(tx: Tx, subject: Subject, rows: readonly ExposureRow[]): Promise<void> {
    if (rows.length === 0) return;
    const townships = rows.filter(({ census }) => !census).map(({ duty_code }) => townshipOf(duty_code));
    const tallies =
      townships.length === 0 ? [] : await villageTallies(tx, await liveExposure(tx, 'read'), subject, townships);
    const byTownship = Map.groupBy(tallies, ({ township }) => township);
    const messages: OutgoingMessage[] = [];
    for (const row of rows) {
      const township = townshipOf(row.duty_code);
      const held = byTownship.get(township) ?? [];
      const of = { reconciliation: row.reconciliation_no, subject, township, round: row.round + 1 };
      messages.push(row.census ? censusMessage(of) : talliesMessage(of, held, this.settings.quietSeconds));
      await noteAsked(tx, row, held);
    }
    await this.outbox.add(tx, topics.exposureQuestion, messages);
  }

  private async giveUp(tx: Tx, row: ExposureRow): Promise<void> {
    await this.findings.add(tx, {
      reconciliation: row.reconciliation_no,
      subject: row.subject,
      dutyCode: row.duty_code,
      kind: 'no-reply',
      state: 'alarm',
      households: 0,
      whose: [],
    });
    await changeExposureRow(tx, row, { state: 'alarm' });
  }
}

async function noteAsked(tx: Tx, row: ExposureRow, held: readonly TownshipVillageTally[]): Promise<void> {
  const sum = (of: (tally: TownshipVillageTally) => number): number => held.reduce((total, one) => total + of(one), 0);
  await tx.execute(
    `UPDATE reconciliation_exposure SET state = 'asked', round = round + 1, households = $4, without_other = $5, reply = NULL,
       asked_at = clock_timestamp() WHERE reconciliation_no = $1 AND subject = $2 AND duty_code = $3`,
    [
      row.reconciliation_no,
      row.subject,
      row.duty_code,
      sum(({ households }) => households),
      sum(({ withoutOther }) => withoutOther),
    ],
  );
}
