/** Lists as rows: which were believed, which held back and why, and for some days what was sent. */
import type { Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import type { Problem } from '../cap/cap-message.js';
import type { Received } from '../intake/received.js';
import type { SnapshotCounts } from './diff-snapshots.rule.js';
import type { HoldVerdict, ListFacts } from './hold-back.rule.js';

export interface TakenSnapshot extends ListFacts {
  readonly feed: string;
  readonly digest: Buffer;
  readonly heldBack: HoldVerdict['heldBack'] | null;
  readonly counts: SnapshotCounts;
  readonly problems: readonly Problem[];
}

export interface NewSnapshot extends TakenSnapshot {
  readonly received: Received;
  readonly raw: Buffer;
}

const COLUMNS = 'feed, updated, digest, held_back AS "heldBack", members, counts, problems';
const DAY_MS = 86_400_000;

@Injectable()
export class SnapshotStore {
  /**
   * Holds the feed until the transaction ends, before anything else is locked: a list that waits for the one before it
   * must hold nothing that that one still needs.
   */
  async lock(tx: Tx, feed: string): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`snapshot-feed:${feed}`]);
  }

  async find(tx: Tx, feed: string, updated: Date): Promise<TakenSnapshot | undefined> {
    const [row] = await tx.query<TakenSnapshot & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM warning_snapshots WHERE feed = $1 AND updated = $2`,
      [feed, updated],
    );
    return row;
  }

  async lastBelieved(tx: Tx, feed: string): Promise<TakenSnapshot | undefined> {
    const [row] = await tx.query<TakenSnapshot & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM warning_snapshots WHERE feed = $1 AND held_back IS NULL ORDER BY updated DESC LIMIT 1`,
      [feed],
    );
    return row;
  }

  /** Time of the first list held back as too small after the one named. */
  async smallSince(tx: Tx, feed: string, after: Date): Promise<Date | undefined> {
    const [row] = await tx.query<{ since: Date | null }>(
      "SELECT min(updated) AS since FROM warning_snapshots WHERE feed = $1 AND held_back = 'smaller' AND updated > $2",
      [feed, after],
    );
    return row?.since ?? undefined;
  }

  async add(tx: Tx, { received, ...list }: NewSnapshot): Promise<void> {
    await tx.query(
      `INSERT INTO warning_snapshots
         (feed, updated, digest, held_back, members, counts, problems, received_at, received_by, as_of, raw)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        list.feed,
        list.updated,
        list.digest,
        list.heldBack,
        list.members,
        JSON.stringify(list.counts),
        JSON.stringify(list.problems),
        received.at,
        received.by,
        received.asOf ?? null,
        list.raw,
      ],
    );
  }

  /** Forgets what was sent so many days before the list named; that it was sent, and what came of it, stays. */
  async forgetRaw(tx: Tx, feed: string, updated: Date, days: number): Promise<void> {
    await tx.query('UPDATE warning_snapshots SET raw = NULL WHERE feed = $1 AND raw IS NOT NULL AND updated < $2', [
      feed,
      new Date(updated.getTime() - days * DAY_MS),
    ]);
  }
}
