import type { Database, Scope } from '@fangpin/persistence';
import type { EventHandler, FetchedBatch } from '../port.js';
import type { EventApplication } from './application.js';
import { fence } from './fence.js';
import { sortIntoInboxes } from './inbox.js';
import type { Positions } from './positions.js';
import type { Position } from './progress.js';
import { waitLimits, type TransactionLimits } from './transaction-limits.js';

export interface BatchOutcome {
  readonly advanced: readonly Position[];
  /** Partitions that another member has moved, with the offset the database has. */
  readonly fenced: readonly Position[];
}

/** One transaction: progress rows locked, compared and moved, then the effects. */
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
    return this.database.transaction(
      this.scope,
      async (tx) => {
        const moves = batches.map(({ topic, partition, nextOffset: to }) => ({
          ...{ topic, partition, to },
          from: positions.get(topic, partition),
        }));
        const { hasMoved, elsewhere, unresolved } = await fence(tx, this.consumer, moves);
        // A zombie's rows do not stand where it left them: its batches are left out.
        const own = batches.filter(({ topic, partition }) => hasMoved(topic, partition));
        if (own.length > 0) await this.application.apply(tx, sortIntoInboxes(handlers, own), unresolved, carefully);
        return { advanced: own, fenced: elsewhere };
      },
      waitLimits(this.limits),
    );
  }
}
