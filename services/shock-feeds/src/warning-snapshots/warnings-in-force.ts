/** What the last list of a feed left in force, as rows: read and written as sets. */
import type { Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import type { InForce } from './in-force.js';
import { identityOf, type ListedWarning } from './snapshot.js';

export interface InForceRow extends InForce {
  readonly shockId: string | null;
}

interface SqlRow {
  readonly code: string;
  readonly type: string;
  readonly colour: string;
  readonly level: number;
  readonly name: string;
  readonly issued: Date;
  readonly stated: Date | null;
  readonly expires: Date;
  readonly tokens: string[];
  readonly root: string | null;
  readonly onset: Date;
  readonly last_sent: Date;
  readonly judged_at: Date;
  readonly recorded: boolean;
  readonly gone_at: Date | null;
  readonly shock_id: string | null;
}

const COLUMNS = `code, type, colour, level, name, issued, stated, expires, tokens, root, onset, last_sent, judged_at,
  recorded, gone_at, shock_id`;

@Injectable()
export class WarningsInForce {
  /** All that is in force in the feed, and what is remembered of others that a list names; by identity, in one order. */
  async read(tx: Tx, feed: string, listed: readonly ListedWarning[]): Promise<Map<string, InForceRow>> {
    const rows = await tx.query<SqlRow & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM warnings_in_force WHERE feed = $1
         AND (gone_at IS NULL OR (code, type) IN (SELECT * FROM unnest($2::text[], $3::text[])))
       ORDER BY code, type`,
      [feed, listed.map(({ code }) => code), listed.map(({ type }) => type)],
    );
    return new Map(
      rows.map(({ last_sent, judged_at, gone_at, shock_id, ...row }) => [
        identityOf(row),
        { ...row, lastSent: last_sent, judgedAt: judged_at, goneAt: gone_at, shockId: shock_id },
      ]),
    );
  }

  /** Writes what a list has changed; what could not be read and is gone is forgotten. */
  async write(tx: Tx, feed: string, changed: readonly InForceRow[]): Promise<void> {
    const forgotten = changed.filter(({ root, goneAt }) => root === null && goneAt !== null);
    const kept = changed.filter((row) => !forgotten.includes(row));
    if (forgotten.length > 0)
      await tx.query(
        `DELETE FROM warnings_in_force WHERE feed = $1 AND (code, type) IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
        [feed, forgotten.map(({ code }) => code), forgotten.map(({ type }) => type)],
      );
    if (kept.length > 0) await tx.query(UPSERT, [JSON.stringify(kept.map((row) => sqlRow(feed, row)))]);
  }
}

const VALUES = COLUMNS.split(',').map((name) => name.trim());
const UPSERT = `INSERT INTO warnings_in_force (feed, ${COLUMNS})
  SELECT feed, ${COLUMNS} FROM jsonb_populate_recordset(NULL::warnings_in_force, $1::jsonb)
  ON CONFLICT (feed, code, type) DO UPDATE SET
  ${VALUES.slice(2)
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`;

function sqlRow(feed: string, { lastSent, judgedAt, goneAt, shockId, ...row }: InForceRow): Record<string, unknown> {
  return { feed, ...row, last_sent: lastSent, judged_at: judgedAt, gone_at: goneAt, shock_id: shockId };
}
