/** The shocks heard, as rows: what a later revision of each is held against. */
import type { Tx } from '@fangpin/persistence';
import type { KnownAsking } from './asking.rule.js';

export interface HeardShock extends KnownAsking {
  readonly shockId: string;
  readonly kind: string;
  readonly level: number;
  readonly headline: string;
  readonly onset: Date;
  /** From when on the hours of the answer run; null while it does not ask. */
  readonly asksFrom: Date | null;
  readonly origin: number | null;
  /** The notice of which an asking report is what happened. */
  readonly forecastShockId: string | null;
}

interface HeardRow {
  shock_id: string;
  revision: number;
  kind: string;
  level: number;
  headline: string;
  onset: Date;
  asks: boolean;
  round: number;
  ended_at: Date | null;
  asked_area: string;
  forecast_shock_id: string | null;
  origin: number | null;
  [column: string]: unknown;
}

/** Locked, so that two consumers that believe to hold one partition take a shock one after the other. */
export async function loadHeard(tx: Tx, shockIds: readonly string[]): Promise<Map<string, HeardShock>> {
  const rows = await tx.query<HeardRow>(
    `SELECT shock_id, revision, kind, level, headline, onset, asks, round, ended_at, asked_area, origin, forecast_shock_id
       FROM heard_shocks WHERE shock_id = ANY($1::uuid[]) ORDER BY shock_id FOR UPDATE`,
    [shockIds],
  );
  return new Map(
    rows.map(
      ({ shock_id: shockId, ended_at: asksFrom, asked_area: area, forecast_shock_id: forecastShockId, ...row }) => [
        shockId,
        { ...row, shockId, asksFrom, area, forecastShockId },
      ],
    ),
  );
}

export async function saveHeard(tx: Tx, heard: readonly HeardShock[]): Promise<void> {
  if (heard.length === 0) return;
  const column = <K extends keyof HeardShock>(name: K): HeardShock[K][] => heard.map((shock) => shock[name]);
  await tx.execute(
    `INSERT INTO heard_shocks (shock_id, revision, kind, level, headline, onset, asks, round, ended_at, asked_area, origin,
                               forecast_shock_id)
     SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::smallint[], $5::text[], $6::timestamptz[], $7::boolean[],
                          $8::smallint[], $9::timestamptz[], $10::text[], $11::bigint[], $12::uuid[])
     ON CONFLICT (shock_id) DO UPDATE SET revision = excluded.revision, kind = excluded.kind, level = excluded.level,
            headline = excluded.headline, onset = excluded.onset, asks = excluded.asks, round = excluded.round,
            ended_at = excluded.ended_at, asked_area = excluded.asked_area, origin = excluded.origin,
            forecast_shock_id = excluded.forecast_shock_id`,
    [
      column('shockId'),
      column('revision'),
      column('kind'),
      column('level'),
      column('headline'),
      column('onset'),
      column('asks'),
      column('round'),
      column('asksFrom'),
      column('area'),
      column('origin'),
      column('forecastShockId'),
    ],
  );
}

/** The reports heard, as far as they ask, that are what the notice has become. */
export async function reportsOfNotice(tx: Tx, shockId: string): Promise<string[]> {
  const rows = await tx.query<{ shock_id: string }>('SELECT shock_id FROM heard_shocks WHERE forecast_shock_id = $1', [
    shockId,
  ]);
  return rows.map((row) => row.shock_id);
}
