/** Goes into a reply of an owner: has said again what is lost or differs here, and closes what agrees. */
import { topics } from '@fangpin/contracts';
import { Outbox } from '@fangpin/messaging';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { liveExposure } from '../../exposure/exposure-sets.js';
import { TOWNSHIP_SPAN, townshipOf } from '../../fan-out/township.js';
import { RecordFindings, SAMPLE, type FindingKind } from '../record-findings.js';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from '../settings.js';
import { WorkOnRow } from '../work-on-row.js';
import { sayAgainMessages } from './exposure-messages.js';
import { readReply, type ExposureReply } from './exposure-reply.js';
import { changeExposureRow, claimReplied, workOn, type ExposureRow } from './exposure-rows.js';
import { differences, letGo, type Difference } from './exposure-sql.js';
import { judgeExposure } from './judge-exposure.rule.js';

@Injectable()
export class SettleExposure {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly findings: RecordFindings,
    private readonly rows: WorkOnRow,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(RECONCILIATION_SETTINGS) private readonly settings: ReconciliationSettings,
  ) {}

  /** Takes one township that has its reply; answers whether there was one. */
  execute(): Promise<boolean> {
    return this.database.transaction(cellScope('job:reconciliation', this.env.cellRegion), async (tx) => {
      const row = await claimReplied(tx);
      if (row === undefined || row.reply === null) return false;
      const { reply } = row;
      await this.rows.execute(tx, workOn(row), (within) => this.settle(within, row, reply));
      return true;
    });
  }

  private settle(tx: Tx, row: ExposureRow, bytes: Buffer): Promise<void> {
    const reply = readReply(row.subject, bytes);
    return row.census ? count(tx, row, reply) : this.judge(tx, row, reply);
  }

  private async judge(tx: Tx, row: ExposureRow, reply: ExposureReply): Promise<void> {
    const tables = await liveExposure(tx, 'write');
    const found =
      reply.villages.length === 0
        ? []
        : (await differences(tx, tables, row.subject, reply)).filter(({ id }) => !reply.recent.has(id));
    const of = (kind: Difference['kind']): number[] => found.flatMap((one) => (one.kind === kind ? [one.id] : []));
    const [missing, different, strangers] = [of('missing'), of('different'), of('stranger')];
    const verdict = judgeExposure({
      mendable: missing.length + different.length,
      strangers: strangers.length,
      more: reply.more,
      touched: row.lost + row.differing > 0,
      round: row.round,
      rounds: this.settings.rounds,
    });
    if (verdict.kind === 'again') {
      await letGo(tx, tables, row.subject, different);
      await this.haveSaidAgain(
        tx,
        row,
        found.map(({ id }) => id),
      );
    }
    // Of the round that found most; what is let go differs once more while it is on its way.
    const [lost, differing] = [Math.max(row.lost, missing.length), Math.max(row.differing, different.length)];
    const lostIds = lost > row.lost ? missing.slice(0, SAMPLE) : row.lost_ids;
    const differingIds = differing > row.differing ? different.slice(0, SAMPLE) : row.differing_ids;
    if (verdict.kind === 'alarm') {
      const whose = verdict.because === 'unknown-to-owner' ? strangers : found.map(({ id }) => id);
      await this.find(tx, row, verdict.because, 'alarm', Math.max(1, whose.length), whose);
    }
    // Unknown households apart, all that was said again has arrived.
    if (verdict.kind === 'mended' || (verdict.kind === 'alarm' && verdict.because === 'unknown-to-owner')) {
      if (lost > 0) await this.find(tx, row, 'exposure-lost', 'mended', lost, lostIds);
      if (differing > 0) await this.find(tx, row, 'exposure-differs', 'mended', differing, differingIds);
    }
    await changeExposureRow(tx, row, {
      state: verdict.kind === 'again' ? 'resting' : verdict.kind,
      lost,
      differing,
      lostIds,
      differingIds,
      theirHouseholds: reply.households,
    });
  }

  private async haveSaidAgain(tx: Tx, row: ExposureRow, ids: readonly number[]): Promise<void> {
    const { reconciliation_no: reconciliation, subject, round } = row;
    const of = { reconciliation, subject, round, township: townshipOf(row.duty_code) };
    await this.outbox.add(tx, topics.exposureQuestion, sayAgainMessages(of, ids));
  }

  private find(
    tx: Tx,
    { reconciliation_no: reconciliation, subject, duty_code: dutyCode }: ExposureRow,
    kind: FindingKind,
    state: 'mended' | 'alarm',
    households: number,
    whose: readonly number[],
  ): Promise<void> {
    return this.findings.add(tx, { reconciliation, subject, dutyCode, kind, state, households, whose });
  }
}

/** Townships that the owner holds and the exposure does not are asked about too. */
async function count(tx: Tx, row: ExposureRow, { townships }: ExposureReply): Promise<void> {
  await tx.execute(
    `INSERT INTO reconciliation_exposure (reconciliation_no, subject, duty_code)
     SELECT $1, $2, township * ${TOWNSHIP_SPAN} FROM unnest($3::bigint[]) AS t (township) ON CONFLICT DO NOTHING`,
    [row.reconciliation_no, row.subject, townships],
  );
  await changeExposureRow(tx, row, { state: 'agreed' });
}
