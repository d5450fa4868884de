/** All that happened in an area, by day: shocks begin, are escalated, eased or lifted, end; villages answer. */
import { COUNTRY, shanghaiDay, toBeijingTime, type Clock } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { assertWithin, CLOCK, page, readPage, type Caller, type Page } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { levelKey } from '../shocks/shock-view.js';
import { readWindow, type TimelineQuery } from './timeline.query.js';

export interface TimelineEntry {
  readonly at: string;
  /** began · updated · cancelled · lifted · ended; hit and not-hit are what a village answered about it */
  readonly what: string;
  readonly shockId: string;
  readonly kind: string;
  readonly level: string;
  readonly observed: boolean;
  readonly lane: string;
  readonly headline: string;
  readonly regions: readonly string[];
  readonly endedBy: string | null;
  /** The village that answered; null where it is no answer. */
  readonly village: string | null;
}

export interface TimelineDay {
  readonly day: string;
  readonly entries: readonly TimelineEntry[];
}

interface EntryRow extends Record<string, unknown> {
  readonly at: Date;
  readonly entry: string;
  readonly what: string;
  readonly shock_id: string;
  readonly kind: string;
  readonly level: number;
  readonly observed: boolean;
  readonly lane: string;
  readonly headline: string;
  readonly regions: string[];
  readonly ended_by: string | null;
  readonly village: string | null;
}

@Injectable()
export class ReadTimeline {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Latest first, by the shocks' own times and not by when they were heard of. A day with more entries than a page goes on
   * in the next one. Refuses an area outside the caller's (403).
   */
  async page(query: TimelineQuery, caller: Caller): Promise<Page<TimelineDay>> {
    const { region, from, until } = readWindow(query, this.clock.now());
    assertWithin(caller, region);
    const { limit, after } = readPage(query);
    const [afterAt, afterEntry] = after ?? [null, null];
    const rows = await this.database.transaction(caller.scope, (tx) =>
      tx.query<EntryRow>(ENTRIES, [region, COUNTRY, from, until, afterAt, afterEntry, limit + 1]),
    );
    const { items, nextCursor } = page(rows, limit, (row) => [row.at.toISOString(), row.entry]);
    return { items: byDay(items), nextCursor };
  }
}

/**
 * Shocks that lie in the area or around it; what was said of them and how they ended, each once. A shock begins with the
 * first of its messages; later ones may move its onset, within the month that the first condition allows for.
 */
const ENTRIES = `WITH touching AS (
    SELECT * FROM shocks AS shock WHERE onset < $4::timestamptz + interval '31 days' AND (ended_at IS NULL OR ended_at >= $3) AND merged_into IS NULL
      AND ($1 = $2 OR EXISTS (SELECT FROM unnest(shock.regions) AS area
        WHERE area = $2 OR starts_with(area, $1) OR starts_with($1, area)))
  ), entries AS (
    SELECT coalesce((first #>> '{content,onset}')::timestamptz, onset) AS at, shock_id || ' 0' AS entry, 'began' AS what,
      shock_id, coalesce((first #>> '{content,level}')::smallint, level) AS level,
      coalesce(first #>> '{content,headline}', headline) AS headline, NULL AS ended_by, NULL AS village
    FROM touching LEFT JOIN LATERAL (
      SELECT statement AS first FROM shock_messages AS said
      WHERE said.shock_id = touching.shock_id AND statement ? 'content' ORDER BY statement ->> 'sent', message_id LIMIT 1
    ) AS earliest ON true
    UNION ALL
    SELECT (statement ->> 'sent')::timestamptz, shock_id || ' 1 ' || message_id,
      CASE statement ->> 'type' WHEN 'cancel' THEN 'cancelled' WHEN 'lift' THEN 'lifted' ELSE 'updated' END,
      shock_id, coalesce((statement #>> '{content,level}')::smallint, touching.level),
      coalesce(statement #>> '{content,headline}', touching.headline), NULL, NULL
    FROM shock_messages JOIN touching USING (shock_id)
    WHERE statement ->> 'type' IN ('update', 'cancel', 'lift')
    UNION ALL
    SELECT ended_at, shock_id || ' 2', 'ended', shock_id, level, headline, ended_by, NULL FROM touching
    WHERE ended_at IS NOT NULL AND ended_by NOT IN ('lifted', 'cancelled')
    UNION ALL
    SELECT answered_at, shock_id || ' 3 ' || village, answers.state, shock_id, level, headline, NULL, village
    FROM village_answers AS answers JOIN touching USING (shock_id)
    WHERE answers.state IN ('hit', 'not-hit') AND (starts_with(village, $1) OR $1 = $2)
  )
  SELECT entries.*, kind, observed, lane, regions FROM entries JOIN touching USING (shock_id)
  WHERE at >= $3 AND at < $4
    AND ($5::timestamptz IS NULL OR (date_trunc('milliseconds', at), entry) < ($5::timestamptz, $6::text))
  ORDER BY date_trunc('milliseconds', at) DESC, entry DESC LIMIT $7`;

function byDay(rows: readonly EntryRow[]): TimelineDay[] {
  const days: { day: string; entries: TimelineEntry[] }[] = [];
  for (const row of rows) {
    const day = shanghaiDay(row.at);
    if (days.at(-1)?.day !== day) days.push({ day, entries: [] });
    days.at(-1)?.entries.push(entryOf(row));
  }
  return days;
}

function entryOf(row: EntryRow): TimelineEntry {
  return {
    at: toBeijingTime(row.at),
    what: row.what,
    shockId: row.shock_id,
    kind: row.kind,
    level: levelKey(row.level),
    observed: row.observed,
    lane: row.lane,
    headline: row.headline,
    regions: row.regions,
    endedBy: row.ended_by,
    village: row.village,
  };
}
