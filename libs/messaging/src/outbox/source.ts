import type { Database, Tx } from '@fangpin/persistence';
import type { OutgoingMessage } from '../port.js';

/** What a source needs to find its rows again: ids and versions, as JSON. */
export type OutboxRef = Record<string, unknown>;

/** Renders messages again that were published from memory first: one outbox row names a whole slice of rows. */
export interface OutboxSource {
  readonly name: string;
  /** The same revisions as at the first time; the bytes may differ. */
  render(ref: OutboxRef, database: Database): AsyncIterable<OutgoingMessage>;
  /**
   * Called when all messages of these references are acknowledged, in the transaction that marks their rows. After a crash before
   * it they are published, and this is called, again.
   */
  published?(refs: readonly OutboxRef[], tx: Tx): Promise<void>;
  /** Somebody waits for `published`: it is not put off to gather what else is sent. */
  readonly awaited?: boolean;
}

export interface OutboxReference {
  readonly source: string;
  readonly ref: OutboxRef;
}
