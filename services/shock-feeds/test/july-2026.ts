/** The real county warnings of July 2026 as lists of all that is in force, and what a replay of them left behind. */
import { cellScope, type Database } from '@fangpin/persistence';
import { parse } from 'csv-parse/sync';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface WarningRow {
  readonly adcode: string;
  readonly name: string;
  readonly event: string;
  readonly color: string;
  readonly level: string;
  readonly issued_utc: string;
  readonly expires_utc: string;
  readonly first_seen_utc: string;
  readonly last_seen_utc: string;
  readonly ended_by: string;
}

export interface WarningList {
  readonly updated: string;
  readonly warnings: Readonly<Record<string, readonly object[]>>;
}

export function warningRows(dataDir: string): WarningRow[] {
  const file = path.join(dataDir, 'cma_warnings', 'warnings_yunnan_guizhou_2026-07.csv');
  return parse<WarningRow>(readFileSync(file), { columns: true, bom: true });
}

/** At every time at which a warning was first or last seen, all that had been seen by then and not yet for the last time. */
export function listsOf(rows: readonly WarningRow[]): WarningList[] {
  const times = [...new Set(rows.flatMap((row) => [row.first_seen_utc, row.last_seen_utc]))].sort();
  return times.map((updated) => {
    const warnings: Record<string, object[]> = {};
    for (const row of rows) {
      if (row.first_seen_utc > updated || row.last_seen_utc < updated) continue;
      (warnings[row.adcode] ??= []).push({
        type: row.event,
        color: row.color,
        level: row.level,
        issued: row.issued_utc,
        expires: row.expires_utc,
        name: row.name,
      });
    }
    return { updated, warnings };
  });
}

/** The raw lists of 17 and 18 July, in order. */
export function rawLists(dataDir: string): WarningList[] {
  const dir = path.join(dataDir, 'cma_warnings', 'snapshots');
  return readdirSync(dir)
    .sort()
    .map((file) => JSON.parse(readFileSync(path.join(dir, file), 'utf8')) as WarningList);
}

export function sizeOf({ warnings }: WarningList): number {
  return Object.values(warnings).reduce((size, list) => size + list.length, 0);
}

/** Numbers from 0 to 1 that are the same in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
  }
  return mixed;
}

/** Counties and warnings in another order, which means nothing in JSON and must mean nothing to the service. */
export function inOtherOrder({ updated, warnings }: WarningList, random: () => number): WarningList {
  const counties = shuffled(Object.entries(warnings), random).map(
    // Keys that are numbers keep the order of numbers: a blank makes them texts.
    ([code, list]) => [` ${code}`, shuffled(list, random)] as const,
  );
  return { updated, warnings: Object.fromEntries(counties) };
}

export interface ReplayState {
  readonly shocks: number;
  readonly statements: number;
  readonly open: number;
  /** Open although their end had passed at the time named. */
  readonly openPastTheirEnd: number;
  readonly lifted: number;
  readonly expired: number;
  /** Over all shocks of the feed: identity, kind, level, areas, state, how it ended, and until when it held. */
  readonly digest: string;
}

const query = <Row extends Record<string, unknown>>(
  database: Database,
  sql: string,
  values: unknown[],
): Promise<Row[]> => database.transaction(cellScope('spec'), (tx) => tx.query<Row>(sql, values));

/** What stands after a replay; `at` is the moment by which an end has passed. */
export async function stateOf(database: Database, feed: string, at: Date): Promise<ReplayState> {
  const prefix = `snapshot:${feed}:`;
  const shocks = await query<Record<string, unknown> & { state: string; ended_by: string | null; expires: Date }>(
    database,
    `SELECT substr(identity, length($1) + 1) AS identity, kind, level, regions, state, ended_by, expires
     FROM shocks WHERE starts_with(identity, $1) ORDER BY identity COLLATE "C"`,
    [prefix],
  );
  const [said] = await query<{ n: number }>(
    database,
    "SELECT count(*)::int AS n FROM shock_messages WHERE origin = 'snapshot' AND starts_with(message_key, $1)",
    [prefix],
  );
  const count = (where: (shock: (typeof shocks)[number]) => boolean): number => shocks.filter(where).length;
  return {
    shocks: shocks.length,
    statements: said?.n ?? 0,
    open: count(({ state }) => state === 'open'),
    openPastTheirEnd: count(({ state, expires }) => state === 'open' && expires <= at),
    lifted: count(({ ended_by }) => ended_by === 'lifted'),
    expired: count(({ ended_by }) => ended_by === 'expiry'),
    digest: createHash('sha256').update(JSON.stringify(shocks)).digest('hex'),
  };
}

/** Rows of the file of which no statement says the same: county, type, colour, minute of issue and end. */
export async function lostRows(database: Database, feed: string, rows: readonly WarningRow[]): Promise<WarningRow[]> {
  const said = await query<{ identity: string; issued: string; headline: string; expires: string }>(
    database,
    // The name that other feeds would give to the warning ends in its minute; one without an area has none.
    `SELECT statement ->> 'identity' AS identity, statement -> 'content' ->> 'headline' AS headline,
            statement -> 'content' ->> 'expires' AS expires,
            coalesce(left(right(statement -> 'aliases' ->> 0, 17), 16), left(statement ->> 'sent', 16)) AS issued
     FROM shock_messages WHERE starts_with(message_key, $1) AND statement ->> 'type' IN ('alert', 'update')`,
    [`snapshot:${feed}:`],
  );
  const found = new Set(
    said.map(({ identity, issued, headline, expires }) => {
      const [, , code, type] = identity.split(':');
      const colour = /(..)预警信号$/.exec(headline)?.[1];
      return [code, type, colour, issued, Date.parse(expires)].join(' ');
    }),
  );
  return rows.filter(
    ({ adcode, event, color, issued_utc, expires_utc }) =>
      !found.has([adcode, event, color, issued_utc.slice(0, 16), Date.parse(expires_utc)].join(' ')),
  );
}
