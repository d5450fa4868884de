import { createHmac, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@fangpin/domain-kit';
import { cellScope, Database, type Scope, type Tx } from '@fangpin/persistence';
import { checkIdempotencyKey, CLOCK, ENV, type Caller } from '@fangpin/service-kit';
import { Departments } from '../departments/departments.js';
import type { IntakeEnv } from '../env.js';
import { finishBatch } from './finish-batch.js';
import { StoreSheet, type BatchBody } from './store-sheet.js';
import { WorkBatches } from './work-batches.js';

/**
 * Takes a batch in while it streams: each row is checked and its ID number hashed before anything is stored. It counts only once
 * its last row is stored: a sender that breaks off, or a process that dies, leaves no batch behind.
 */
@Injectable()
export class ReceiveBatch {
  readonly #scope: Scope;

  constructor(
    private readonly database: Database,
    private readonly departments: Departments,
    private readonly sheets: StoreSheet,
    private readonly work: WorkBatches,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: IntakeEnv,
  ) {
    this.#scope = cellScope('http:batches', env.cellRegion);
  }

  /**
   * Refuses as a single finding does, and a sheet that cannot be read, has no usable header or no row (400), more than 100,000 rows
   * (413), a key used with another sheet (409). Rows that break rules are not taken and are listed as errors. The last
   * sheet of the department's area again answers the first one's id, unless it was withdrawn, or rows that were refused can be taken by now.
   */
  async execute(departmentKey: string, body: BatchBody, caller: Caller, key: string | undefined): Promise<string> {
    const department = this.departments.of(departmentKey, caller);
    checkIdempotencyKey(key);
    const batchId = randomUUID();
    const { lo, hi } = caller.scope;
    await this.#inTransaction((tx) =>
      tx.execute(
        `INSERT INTO batches (batch_id, department, duty_code, area_lo, area_hi, state, idempotency_key, received_at, received_by)
         VALUES ($1, $2, $3, $3, $4, 'receiving', NULL, $5, $6)`,
        [batchId, departmentKey, lo, hi, this.clock.now(), caller.subject],
      ),
    );
    let known: string | undefined;
    try {
      const digest = createHmac('sha256', this.env.identityKey);
      const counts = await this.sheets.store(batchId, department, body, digest);
      known = await this.#inTransaction((tx) => finishBatch(tx, batchId, digest.digest(), key, counts));
    } catch (error) {
      await this.#forget(batchId);
      throw error;
    }
    if (known !== undefined) {
      await this.#forget(batchId);
      return known;
    }
    this.work.wake();
    return batchId;
  }

  async #forget(batchId: string): Promise<void> {
    // Best effort: what stays is cleared away as a batch that never came to its end.
    await this.#inTransaction((tx) =>
      tx.execute("DELETE FROM batches WHERE batch_id = $1 AND state = 'receiving'", [batchId]),
    ).catch(() => undefined);
  }

  #inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(this.#scope, work);
  }
}
