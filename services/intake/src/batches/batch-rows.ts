/** Batches and their rows in the database. */
import { isUuid, NotFound } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { SentFinding } from '../findings/finding.js';

export type BatchState = 'receiving' | 'queued' | 'working' | 'done' | 'withdrawing' | 'withdrawn';

export interface BatchRow {
  readonly batch_id: string;
  readonly department: string;
  readonly area_lo: number;
  readonly area_hi: number;
  readonly state: BatchState;
  readonly digest: Buffer | null;
  readonly rows: number;
  readonly rejected: number;
  readonly matched: number;
  readonly unmatched: number;
  readonly findings: number;
  readonly overtaken: number;
  readonly done_to: number;
  readonly received_at: Date;
  readonly received_by: string;
  readonly finished_at: Date | null;
  readonly withdrawn_reason: string | null;
  readonly withdrawn_by: string | null;
}

/** A batch of the department within the transaction's scope, whole; else NotFound. */
export async function getBatch(tx: Tx, department: string, batchId: string, lock = false): Promise<BatchRow> {
  const id = batchId.toLowerCase();
  const [batch] = isUuid(id)
    ? await tx.query<BatchRow>(
        `SELECT * FROM batches WHERE batch_id = $1 AND department = $2 AND state <> 'receiving'${lock ? ' FOR UPDATE' : ''}`,
        [id, department],
      )
    : [];
  if (batch === undefined) throw new NotFound('batch', batchId.slice(0, 40));
  return batch;
}

/** A checked row, and a fault of one that is not taken. */
export interface CheckedRow {
  readonly row: number;
  readonly sent: SentFinding;
}
export interface RowFault {
  readonly row: number;
  readonly column: string;
  readonly code: string;
  readonly message: string;
}

export async function addRows(tx: Tx, batchId: string, rows: readonly CheckedRow[]): Promise<void> {
  await tx.execute(`INSERT INTO batch_rows (batch_id, row_no, sent) SELECT $1, * FROM unnest($2::int[], $3::jsonb[])`, [
    batchId,
    rows.map(({ row }) => row),
    rows.map(({ sent }) => JSON.stringify(sent)),
  ]);
}

export async function addFaults(tx: Tx, batchId: string, faults: readonly RowFault[]): Promise<void> {
  await tx.execute(
    `INSERT INTO batch_errors (batch_id, row_no, error_no, column_name, code, message)
     SELECT $1, * FROM unnest($2::int[], $3::int[], $4::text[], $5::text[], $6::text[])`,
    [
      batchId,
      faults.map(({ row }) => row),
      faults.map((_, i) => i),
      faults.map(({ column }) => column),
      faults.map(({ code }) => code),
      faults.map(({ message }) => message),
    ],
  );
}

/** The next rows that wait, in order. */
export async function nextRows(tx: Tx, batchId: string, limit: number): Promise<CheckedRow[]> {
  const rows = await tx.query<{ row_no: number; sent: SentFinding }>(
    'SELECT row_no, sent FROM batch_rows WHERE batch_id = $1 ORDER BY row_no LIMIT $2',
    [batchId, limit],
  );
  return rows.map(({ row_no: row, sent }) => ({ row, sent }));
}
