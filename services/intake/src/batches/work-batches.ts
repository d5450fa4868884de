import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Clock } from '@fangpin/domain-kit';
import { cellScope, Database, isTransientDatabaseError, type Tx } from '@fangpin/persistence';
import { CLOCK, ENV, LOGGER, Rounds, type Logger } from '@fangpin/service-kit';
import type { IntakeEnv } from '../env.js';
import { isMatched } from '../findings/finding.js';
import { TakeFindings } from '../findings/take-findings.js';
import { nextRows, type BatchRow } from './batch-rows.js';
import { TakeBackBatch } from './take-back-batch.js';

/** Small enough that a single push which waits behind one set waits a fraction of a second. */
const ROWS_AT_ONCE = 500;
const LOOK_EVERY_MS = 2_000;
/** An upload that has not come to its end by then was broken off, or its process died. */
const UPLOAD_HOURS = 6;

/**
 * Works batches off, set by set: a set's findings, its events and how far the batch has come are one transaction. A process that
 * dies leaves the batch at the end of a set, and any instance goes on there.
 */
@Injectable()
export class WorkBatches implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds(
    LOOK_EVERY_MS,
    () => this.#all(),
    (error) => this.log.warn({ err: error }, 'a batch could not be worked on; it is tried again'),
  );
  #running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly take: TakeFindings,
    private readonly takeBack: TakeBackBatch,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: IntakeEnv,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
    await this.#running;
  }

  /** Something is to be done: begin now instead of at the next look. */
  wake(): void {
    this.#all().catch((error: unknown) =>
      this.log.warn({ err: error }, 'a batch could not be worked on; it is tried again'),
    );
  }

  #all(): Promise<void> {
    return (this.#running ??= this.#untilNothingIsLeft().finally(() => (this.#running = undefined)));
  }

  async #untilNothingIsLeft(): Promise<void> {
    await this.#inTransaction((tx) => this.#clearAway(tx));
    const stuck: string[] = [];
    let batchId: string | undefined = '';
    while (!this.#rounds.signal.aborted && batchId !== undefined)
      try {
        await this.#inTransaction(async (tx) => {
          const batch = await next(tx, stuck);
          batchId = batch?.batch_id;
          if (batch !== undefined) await this.#set(tx, batch);
        });
      } catch (error) {
        if (batchId === undefined || isTransientDatabaseError(error)) throw error;
        // One batch that cannot go on must not hold up those behind it.
        stuck.push(batchId);
        this.log.error({ err: error, batchId }, 'a batch is stuck; others go on, and it is tried again');
      }
  }

  async #set(tx: Tx, batch: BatchRow): Promise<void> {
    await (batch.state === 'withdrawing' ? this.#takeBack(tx, batch) : this.#takeIn(tx, batch));
  }

  async #takeIn(tx: Tx, batch: BatchRow): Promise<void> {
    const rows = await nextRows(tx, batch.batch_id, ROWS_AT_ONCE);
    const sending = {
      department: batch.department,
      by: batch.received_by,
      at: batch.received_at,
      area: { lo: batch.area_lo, hi: batch.area_hi },
      batchId: batch.batch_id,
    };
    const taken = await this.take.execute(
      tx,
      rows.map(({ sent }) => ({ sent, sending })),
    );
    const matched = taken.filter(({ finding }) => isMatched(finding.match)).length;
    const findings = taken.filter(({ outcome }) => outcome === 'accepted' || outcome === 'updated').length;
    const doneTo = rows.at(-1)?.row ?? batch.done_to;
    const overtaken = taken.filter(({ stored }) => !stored).length;
    await tx.execute('DELETE FROM batch_rows WHERE batch_id = $1 AND row_no <= $2', [batch.batch_id, doneTo]);
    const isLast = rows.length < ROWS_AT_ONCE;
    await tx.execute(
      `UPDATE batches SET state = $2, done_to = $3, matched = matched + $4, unmatched = unmatched + $5,
         findings = findings + $6, overtaken = overtaken + $7, finished_at = $8 WHERE batch_id = $1`,
      [
        batch.batch_id,
        isLast ? 'done' : 'working',
        doneTo,
        matched,
        taken.length - matched,
        findings,
        overtaken,
        isLast ? this.clock.now() : null,
      ],
    );
  }

  async #takeBack(tx: Tx, batch: BatchRow): Promise<void> {
    const isDone = await this.takeBack.set(tx, batch, ROWS_AT_ONCE);
    if (isDone)
      await tx.execute("UPDATE batches SET state = 'withdrawn', finished_at = $2 WHERE batch_id = $1", [
        batch.batch_id,
        this.clock.now(),
      ]);
  }

  #clearAway(tx: Tx): Promise<number> {
    return tx.execute(
      `DELETE FROM batches WHERE state = 'receiving' AND received_at < $1::timestamptz - ${UPLOAD_HOURS} * interval '1 hour'`,
      [this.clock.now()],
    );
  }

  #inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(cellScope('job:batches', this.env.cellRegion), work);
  }
}

/** The oldest batch that is not stuck and that no other instance works on. */
async function next(tx: Tx, stuck: readonly string[]): Promise<BatchRow | undefined> {
  const [batch] = await tx.query<BatchRow>(
    `SELECT * FROM batches WHERE state IN ('queued', 'working', 'withdrawing') AND batch_id <> ALL($1::uuid[])
      ORDER BY arrival LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [stuck],
  );
  return batch;
}
