import { Injectable } from '@nestjs/common';
import { InvalidValue, toBeijingTime } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { page, readPage, type Caller, type Page, type PageQuery } from '@fangpin/service-kit';
import { Departments } from '../departments/departments.js';
import { getBatch, type BatchRow } from './batch-rows.js';
import type { BatchErrorResponse, BatchResponse } from './dto/batch.response.js';

interface ErrorRow {
  readonly row_no: number;
  readonly error_no: number;
  readonly column_name: string;
  readonly code: string;
  readonly message: string;
}

/** What became of batches. Refuses an unknown department or batch, also one outside the caller's area (404). */
@Injectable()
export class ReadBatches {
  constructor(
    private readonly database: Database,
    private readonly departments: Departments,
  ) {}

  async one(department: string, batchId: string, caller: Caller): Promise<BatchResponse> {
    this.departments.of(department, caller);
    return showBatch(await this.database.transaction(caller.scope, (tx) => getBatch(tx, department, batchId)));
  }

  /** In the order of rows. Refuses a bad limit or cursor (400). */
  async errors(
    department: string,
    batchId: string,
    query: PageQuery,
    caller: Caller,
  ): Promise<Page<BatchErrorResponse>> {
    this.departments.of(department, caller);
    const { limit, after = [0, -1] } = readPage(query, { max: 1_000, default: 200 });
    if (after.length !== 2 || !after.every(Number.isInteger))
      throw new InvalidValue('cursor', query.cursor, 'must be the nextCursor of a page of these errors');
    return this.database.transaction(caller.scope, async (tx) => {
      const { batch_id: id } = await getBatch(tx, department, batchId);
      const rows = await tx.query<ErrorRow>(
        `SELECT row_no, error_no, column_name, code, message FROM batch_errors
          WHERE batch_id = $1 AND (row_no, error_no) > ($2, $3) ORDER BY row_no, error_no LIMIT $4`,
        [id, ...after, limit + 1],
      );
      const { items, nextCursor } = page(rows, limit, (row) => [row.row_no, row.error_no]);
      return { items: items.map(showError), nextCursor };
    });
  }
}

export function showBatch(batch: BatchRow): BatchResponse {
  return {
    id: batch.batch_id,
    department: batch.department,
    state: batch.state,
    rows: batch.rows,
    matched: batch.matched,
    unmatched: batch.unmatched,
    rejected: batch.rejected,
    findings: batch.findings,
    overtaken: batch.overtaken,
    ...(batch.withdrawn_reason === null ? {} : { withdrawnReason: batch.withdrawn_reason }),
    receivedAt: toBeijingTime(batch.received_at),
    ...(batch.finished_at === null ? {} : { finishedAt: toBeijingTime(batch.finished_at) }),
  };
}

function showError({ row_no: row, column_name: column, code, message }: ErrorRow): BatchErrorResponse {
  return { row, column, code, message };
}
