/** Sources as rows: what is declared, when each was heard, and its gaps. */
import { shanghaiDay } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { Channel } from './channels.js';
import type { SourceDeclaration } from './source-declaration.js';

/** A source's words since the last flush: the first ends a gap, the last begins the next. */
export interface Hearing {
  /** A declared source, or else who posted through which intake. */
  readonly source: { readonly name: string } | { readonly account: string; readonly channel: Channel };
  readonly first: Date;
  readonly last: Date;
}

/** No rule looks back further (schema of `source-silence`). */
const GAPS_KEPT_DAYS = 104 * 7;

/** The name of an account's source that nobody declared; declared names hold neither sign. */
export function nameOfAccount(account: string, channel: Channel): string {
  return `${account}:${channel}`;
}

/** Brings the rows into line with the file. Silence counts anew for what was switched off and is on again. */
export async function declareSources(tx: Tx, declared: readonly SourceDeclaration[], at: Date): Promise<void> {
  for (const source of [...declared].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const account = source.mode === 'pushed' ? source.account : null;
    const identity = [source.name, source.mode, account, source.channel];
    // The name may have passed to another source: what was known of the old one stays, under a name of its own.
    await tx.execute(
      `UPDATE sources SET name = CASE mode WHEN 'pushed' THEN account || ':' || channel ELSE name || '~' || source_id END
       WHERE name = $1 AND NOT (mode = $2 AND account IS NOT DISTINCT FROM $3 AND ($2 = 'polled' OR channel = $4))`,
      identity,
    );
    await tx.execute(
      `UPDATE sources SET name = $1 WHERE mode = $2 AND $2 = 'pushed' AND account = $3 AND channel = $4`,
      identity,
    );
    await tx.execute(
      `INSERT INTO sources AS s (name, mode, account, channel, enabled, watched_since) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (name) DO UPDATE SET channel = excluded.channel, enabled = excluded.enabled,
         watched_since = CASE WHEN excluded.enabled AND NOT s.enabled THEN excluded.watched_since ELSE s.watched_since END`,
      [...identity, source.enabled, at],
    );
  }
  await tx.execute(
    `UPDATE sources SET enabled = (mode = 'pushed') WHERE name <> ALL($1) AND enabled <> (mode = 'pushed')`,
    [declared.map(({ name }) => name)],
  );
}

/** Marks a source as heard. The day keeps its longest gap, so that a thousand words a day are one row. */
export async function storeHearing(tx: Tx, { source, first, last }: Hearing): Promise<void> {
  const [row] =
    'name' in source
      ? await tx.query<HeardRow>(
          `UPDATE sources SET last_heard_at = greatest(last_heard_at, $2) WHERE name = $1
           RETURNING source_id, old.last_heard_at AS before`,
          [source.name, last],
        )
      : await tx.query<HeardRow>(
          `INSERT INTO sources AS s (name, mode, account, channel, watched_since, last_heard_at)
           VALUES ($1, 'pushed', $2, $3, $4, $5)
           ON CONFLICT (account, channel) WHERE mode = 'pushed'
             DO UPDATE SET last_heard_at = greatest(s.last_heard_at, excluded.last_heard_at)
           RETURNING source_id, old.last_heard_at AS before`,
          [nameOfAccount(source.account, source.channel), source.account, source.channel, first, last],
        );
  if (row === undefined || row.before === null || row.before >= first) return;
  const seconds = Math.floor((first.getTime() - row.before.getTime()) / 1_000);
  const day = shanghaiDay(first);
  const added = await tx.execute(
    `INSERT INTO source_gaps AS g (source_id, day, longest_seconds) VALUES ($1, $2, $3)
     ON CONFLICT (source_id, day) DO UPDATE SET longest_seconds = excluded.longest_seconds
       WHERE g.longest_seconds < excluded.longest_seconds`,
    [row.source_id, day, seconds],
  );
  if (added > 0)
    await tx.execute('DELETE FROM source_gaps WHERE source_id = $1 AND day < $2::date - $3::integer', [
      row.source_id,
      day,
      GAPS_KEPT_DAYS,
    ]);
}

interface HeardRow {
  source_id: number;
  before: Date | null;
}
