import type { Database } from '@fangpin/persistence';
import type { OutgoingMessage } from '../port.js';

/** What a source needs to find its rows again: ids and versions, as JSON. */
export type OutboxRef = Record<string, unknown>;

/** Renders messages again that were published from memory first: one outbox row names a whole slice of rows. */
export interface OutboxSource {
  readonly name: string;
  /** The same revisions as at the first time; the bytes may differ. */
  render(ref: OutboxRef, database: Database): AsyncIterable<OutgoingMessage>;
  /**
   * Called when all messages of the reference are acknowledged, before the row is marked; so it may be called again after
   * a crash and must bear it.
   */
  published?(ref: OutboxRef, database: Database): Promise<void>;
}

export interface OutboxReference {
  readonly source: string;
  readonly ref: OutboxRef;
}
