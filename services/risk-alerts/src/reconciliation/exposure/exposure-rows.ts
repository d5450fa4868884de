/** Rows of reconciliation_exposure: which are due, and how they change. */
import type { Tx } from '@fangpin/persistence';
import type { ReconciliationSettings } from '../settings.js';
import { NOT_SITTING_OUT, type RowWorkedOn } from '../work-on-row.js';
import type { Subject } from './subjects.js';

export interface ExposureRow {
  reconciliation_no: number;
  subject: Subject;
  duty_code: number;
  census: boolean;
  state: 'waiting' | 'asked' | 'resting';
  round: number;
  reply: Buffer | null;
  lost: number;
  differing: number;
  lost_ids: number[];
  differing_ids: number[];
  failures: number;
  [column: string]: unknown;
}

/** Townships asked about in one query and transaction. */
const ASKED_AT_ONCE = 50;

/** One that has its reply. */
export async function claimReplied(tx: Tx): Promise<ExposureRow | undefined> {
  const [row] = await tx.query<ExposureRow>(
    `SELECT * FROM reconciliation_exposure WHERE state = 'asked' AND reply IS NOT NULL AND ${NOT_SITTING_OUT}
     ORDER BY reconciliation_no, subject, duty_code LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  return row;
}

/** Those to be asked about: not asked yet, rested, or silent for too long. */
export function claimDue(tx: Tx, { silentSeconds, restSeconds }: ReconciliationSettings): Promise<ExposureRow[]> {
  return tx.query<ExposureRow>(
    `SELECT * FROM reconciliation_exposure WHERE (state = 'waiting'
        OR (state = 'resting' AND asked_at < clock_timestamp() - make_interval(secs => $2))
        OR (state = 'asked' AND reply IS NULL AND asked_at < clock_timestamp() - make_interval(secs => $1))) AND ${NOT_SITTING_OUT}
     ORDER BY reconciliation_no, subject, duty_code LIMIT ${ASKED_AT_ONCE} FOR UPDATE SKIP LOCKED`,
    [silentSeconds, restSeconds],
  );
}

export function workOn(row: ExposureRow): RowWorkedOn {
  const { reconciliation_no: reconciliation, subject, duty_code: dutyCode, failures } = row;
  return {
    table: 'reconciliation_exposure',
    key: { column: 'subject', value: subject },
    failures,
    of: { reconciliation, subject, dutyCode },
  };
}

export interface ExposureChange {
  readonly state: string;
  readonly lost?: number;
  readonly differing?: number;
  readonly lostIds?: readonly number[];
  readonly differingIds?: readonly number[];
  readonly theirHouseholds?: number;
}

/** After a reply, or after too long a silence; the reply has been gone into and is let go. */
export async function changeExposureRow(tx: Tx, row: ExposureRow, change: ExposureChange): Promise<void> {
  await tx.execute(
    `UPDATE reconciliation_exposure SET state = $4, lost = coalesce($5, lost), differing = coalesce($6, differing),
       lost_ids = coalesce($7, lost_ids), differing_ids = coalesce($8, differing_ids),
       their_households = coalesce($9, their_households), reply = NULL, asked_at = clock_timestamp()
     WHERE reconciliation_no = $1 AND subject = $2 AND duty_code = $3`,
    [
      row.reconciliation_no,
      row.subject,
      row.duty_code,
      change.state,
      change.lost ?? null,
      change.differing ?? null,
      change.lostIds ?? null,
      change.differingIds ?? null,
      change.theirHouseholds ?? null,
    ],
  );
}
