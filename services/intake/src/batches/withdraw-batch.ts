import { Injectable } from '@nestjs/common';
import { Database } from '@fangpin/persistence';
import type { Caller } from '@fangpin/service-kit';
import { OtherSender } from '../departments/department.errors.js';
import { Departments } from '../departments/departments.js';
import { readReason } from '../http/read-reason.js';
import { getBatch, type BatchRow } from './batch-rows.js';
import { WorkBatches } from './work-batches.js';

/** Takes a whole batch back: its findings one set after the other, and what of it still waits at once. */
@Injectable()
export class WithdrawBatch {
  constructor(
    private readonly database: Database,
    private readonly departments: Departments,
    private readonly work: WorkBatches,
  ) {}

  /** Refuses a batch that the caller does not see (404) or did not send (403), and a body without a reason (400). A second time changes nothing. */
  async execute(department: string, batchId: string, body: unknown, caller: Caller): Promise<BatchRow> {
    this.departments.of(department, caller);
    const reason = readReason(body);
    const batch = await this.database.transaction(caller.scope, async (tx) => {
      const known = await getBatch(tx, department, batchId, true);
      if (known.area_lo !== caller.scope.lo || known.area_hi !== caller.scope.hi) throw new OtherSender('batch');
      if (known.state === 'withdrawing' || known.state === 'withdrawn') return known;
      await tx.execute('DELETE FROM batch_rows WHERE batch_id = $1', [known.batch_id]);
      await tx.execute(
        `UPDATE batches SET state = 'withdrawing', withdrawn_reason = $2, withdrawn_by = $3, finished_at = NULL WHERE batch_id = $1`,
        [known.batch_id, reason, caller.subject],
      );
      return getBatch(tx, department, batchId);
    });
    this.work.wake();
    return batch;
  }
}
