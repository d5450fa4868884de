import { createHmac, randomUUID, type Hmac } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError, type Clock } from '@fangpin/domain-kit';
import { cellScope, Database, type Scope, type Tx } from '@fangpin/persistence';
import { checkIdempotencyKey, CLOCK, ENV, IdempotencyKeyReused, type Caller } from '@fangpin/service-kit';
import type { Department } from '../departments/department.js';
import { Departments } from '../departments/departments.js';
import type { IntakeEnv } from '../env.js';
import { readFinding } from '../findings/read-finding.js';
import { addFaults, addRows, type BatchState, type CheckedRow, type RowFault } from './batch-rows.js';
import { TooManyRows } from './batch.errors.js';
import { readRows, type SheetFormat, type SheetRow } from './read-rows.js';
import { WorkBatches } from './work-batches.js';

export interface BatchBody {
  readonly bytes: Readable;
  readonly format: SheetFormat;
  readonly charset: string;
}

/** A county's whole register has fewer people with one kind of finding; a larger sheet is split by its sender. */
export const MOST_ROWS = 100_000;
const ROWS_AT_ONCE = 1_000;

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
    private readonly work: WorkBatches,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: IntakeEnv,
  ) {
    this.#scope = cellScope('http:batches', env.cellRegion);
  }

  /**
   * Refuses as a single finding does, and a sheet that cannot be read or has no usable header (400), more than 100,000 rows
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
      const counts = await this.#store(batchId, department, body, digest);
      known = await this.#inTransaction((tx) => finish(tx, batchId, digest.digest(), key, counts));
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

  async #store(
    batchId: string,
    department: Department,
    { bytes, format, charset }: BatchBody,
    digest: Hmac,
  ): Promise<Counts> {
    const counts = { rows: 0, rejected: 0 };
    let checked: CheckedRow[] = [];
    let faults: RowFault[] = [];
    const flush = async (): Promise<void> => {
      const [rows, wrong] = [checked, faults];
      [checked, faults] = [[], []];
      await this.#inTransaction(async (tx) => {
        if (rows.length > 0) await addRows(tx, batchId, rows);
        if (wrong.length > 0) await addFaults(tx, batchId, wrong);
      });
    };
    for await (const row of readRows(hashed(bytes, digest), format, charset)) {
      counts.rows += 1;
      if (counts.rows > MOST_ROWS) throw new TooManyRows(MOST_ROWS);
      const wrong = this.#check(row, department, checked);
      if (wrong.length > 0) counts.rejected += 1;
      faults.push(...wrong);
      if (checked.length + faults.length >= ROWS_AT_ONCE) await flush();
    }
    await flush();
    return counts;
  }

  /** Adds the row to the checked ones or answers what is wrong with it; no value is told, for it may be a person. */
  #check({ row, fields }: SheetRow, department: Department, checked: CheckedRow[]): RowFault[] {
    if (fields === undefined)
      return [
        {
          row,
          column: '',
          code: 'ROW.UNREADABLE',
          message: 'must be one JSON object a line, or as many cells as columns',
        },
      ];
    const read = readFinding(fields, department, this.env.identityKey);
    if ('sent' in read) {
      checked.push({ row, sent: read.sent });
      return [];
    }
    return read.problems.map(({ field, rule }) => ({ row, column: field, code: 'ROW.INVALID_VALUE', message: rule }));
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

interface Counts {
  readonly rows: number;
  readonly rejected: number;
}

/**
 * The bytes as they come, each into the digest; a sender that goes away in the middle is a refusal, no fault of ours. The stream of
 * a sheet that is refused before its end is left whole, for service-kit to read out: destroyed it would hold its connection for good.
 */
async function* hashed(bytes: Readable, digest: Hmac): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of bytes.iterator({ destroyOnReturn: false })) {
      digest.update(chunk as Uint8Array);
      yield chunk as Uint8Array;
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('BATCH.BROKEN_OFF', 'invalid', 'the sheet broke off before its end; nothing of it is kept');
  }
}

/** Makes the batch count, or answers the one that it repeats. */
async function finish(
  tx: Tx,
  batchId: string,
  digest: Buffer,
  key: string | undefined,
  { rows, rejected }: Counts,
): Promise<string | undefined> {
  // Two uploads of one sheet at once: the second waits here and then finds the first.
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('intake-batches'))");
  const [own] = await tx.query<{ department: string; received_by: string; area_lo: number; area_hi: number }>(
    'SELECT department, received_by, area_lo, area_hi FROM batches WHERE batch_id = $1',
    [batchId],
  );
  if (own === undefined) throw new DomainError('BATCH.BROKEN_OFF', 'invalid', 'the sheet took too long to arrive');
  if (key !== undefined) {
    const [same] = await tx.query<{ batch_id: string; digest: Buffer }>(
      'SELECT batch_id, digest FROM batches WHERE department = $1 AND received_by = $2 AND idempotency_key = $3',
      [own.department, own.received_by, key],
    );
    if (same !== undefined && !same.digest.equals(digest)) throw new IdempotencyKeyReused();
    if (same !== undefined) return same.batch_id;
  }
  const [last] = await tx.query<{ batch_id: string; state: BatchState; digest: Buffer; rejected: number }>(
    `SELECT batch_id, state, digest, rejected FROM batches
      WHERE department = $1 AND area_lo = $2 AND area_hi = $3 AND state <> 'receiving'
      ORDER BY arrival DESC LIMIT 1`,
    [own.department, own.area_lo, own.area_hi],
  );
  // Behind another sheet it is a new word, and so it is where rows that were refused can be taken by now. What it repeats changes nothing.
  const isStanding = last !== undefined && last.state !== 'withdrawing' && last.state !== 'withdrawn';
  if (isStanding && last.rejected === rejected && last.digest.equals(digest)) return last.batch_id;
  await tx.execute(
    `UPDATE batches SET state = 'queued', digest = $2, idempotency_key = $3, rows = $4, rejected = $5 WHERE batch_id = $1`,
    [batchId, digest, key ?? null, rows, rejected],
  );
  return undefined;
}
