import type { Database, Scope, Tx } from '@fangpin/persistence';
import type { EventHandler, FetchedBatch } from '../port.js';
import type { EventApplication } from './application.js';
import { ConsumerHalted } from './failures.js';
import { sortIntoInboxes } from './inbox.js';
import type { Positions } from './positions.js';
import { advanceProgress, lockProgress, partitionKey, type Position } from './progress.js';
import { limitWaits, type TransactionLimits } from './transaction-limits.js';

export interface BatchOutcome {
  readonly advanced: readonly Position[];
  /** Partitions that another member has moved, with the offset the database has. */
  readonly fenced: readonly Position[];
}

/** One transaction: progress rows locked and compared, effects, progress moved. */
export class BatchTransaction {
  constructor(
    private readonly database: Database,
    private readonly scope: Scope,
    private readonly consumer: string,
    private readonly application: EventApplication,
    private readonly limits: TransactionLimits,
  ) {}

  run(
    handlers: readonly EventHandler[],
    batches: readonly FetchedBatch[],
    positions: Positions,
    carefully: boolean,
  ): Promise<BatchOutcome> {
    if (batches.length === 0) return Promise.resolve({ advanced: [], fenced: [] });
    return this.database.transaction(this.scope, async (tx) => {
      await limitWaits(tx, this.limits);
      const { own, fenced } = await this.#fence(tx, batches, positions);
      if (own.length === 0) return { advanced: [], fenced };
      await this.application.apply(tx, sortIntoInboxes(handlers, own), carefully);
      const moves = own.map(({ topic, partition, nextOffset }) => ({
        topic,
        partition,
        from: positions.get(topic, partition) ?? nextOffset,
        to: nextOffset,
      }));
      if (!(await advanceProgress(tx, this.consumer, moves)))
        throw new ConsumerHalted('progress rows moved although they were locked');
      return { advanced: own, fenced };
    });
  }

  /** A zombie's rows do not stand where it left them: its batches are left out. */
  async #fence(
    tx: Tx,
    batches: readonly FetchedBatch[],
    positions: Positions,
  ): Promise<{ own: FetchedBatch[]; fenced: Position[] }> {
    const rows = await lockProgress(tx, this.consumer, batches);
    const stored = new Map(rows.map((row) => [partitionKey(row.topic, row.partition), row]));
    const own: FetchedBatch[] = [];
    const fenced: Position[] = [];
    for (const batch of batches) {
      const row = stored.get(partitionKey(batch.topic, batch.partition));
      if (!row) throw new ConsumerHalted(`${partitionKey(batch.topic, batch.partition)}: its progress row is gone`);
      if (row.nextOffset === positions.get(batch.topic, batch.partition)) own.push(batch);
      else fenced.push(row);
    }
    return { own, fenced };
  }
}
