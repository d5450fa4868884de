/** One shock from its 202 to the acknowledgement of the last case's event. */
import { topics } from '@fangpin/contracts';
import type { Bus } from '@fangpin/messaging';
import { followFanOut, ledgerFaults } from '../client/fan-out.ts';
import type { HttpClient } from '../client/http-client.ts';
import { Failure } from '../failure.ts';
import type { BenchDatabases } from './bench-databases.ts';
import { hasApplied } from './catch-up.ts';
import { countCpu } from './cpu.ts';
import { rounded } from './statistics.ts';
import { waitFor } from './wait.ts';

export interface FanOutRun {
  shockId: string;
  origin: string;
  alerts: number;
  cases: number;
  /** From the 202 to the last case committed and its event acknowledged. */
  seconds: number;
  /** On the way there, counted from the 202: slices planned, alerts of the last slice acknowledged. */
  plannedSeconds: number;
  publishedSeconds: number;
  /** Until the ledger adds up and the shock is done. */
  settledSeconds: number;
  /** Processor time of each process from the 202 to the last event, seconds. */
  cpuSeconds: Record<string, number>;
}

export interface RunParts {
  client: HttpClient;
  bus: Bus;
  databases: BenchDatabases;
  /** Process ids of services and servers. */
  pids: Readonly<Record<string, number>>;
}

/** Ends are read from what the databases noted, so that looking seldom costs no accuracy, and the looked-at little time. */
const POLL = { everyMs: 50, timeoutMs: 180_000 };
const MS = 1_000;

/** Milliseconds since the epoch, finer than Date.now(). */
function now(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * Sends the shock and measures. Both ends are by the clock of this one machine: the start is the moment the 202 is here,
 * the end is the moment the database has written beside the last event that it is acknowledged, so that polling adds
 * nothing. The polls read a few rows each.
 */
export async function runFanOut(parts: RunParts, shock: unknown): Promise<FanOutRun> {
  const { client, bus, databases } = parts;
  const answer = await client.request<{ shockId: string; outcome: string }>('POST', '/v1/shocks', shock);
  const start = now();
  const cpuUsed = countCpu(parts.pids);
  const { shockId, outcome } = answer.body;
  if (answer.status !== 202 || outcome !== 'accepted')
    throw new Failure(`the shock was answered by ${answer.status}: ${JSON.stringify(answer.body)}`);

  const fanOut = await allPublished(databases, shockId);
  const ends = await bus.endOffsets(topics.alert);
  const lastAcknowledged = await waitFor({ what: 'cases and their events', ...POLL }, async () =>
    (await hasApplied(databases.cases, 'assistance-cases', topics.alert, ends))
      ? lastEvent(databases, fanOut.origin, start)
      : undefined,
  );
  const cpuSeconds = cpuUsed();
  const ledger = await followFanOut(client, shockId, { timeoutMs: POLL.timeoutMs });
  const faults = ledgerFaults(ledger);
  if (faults.length > 0) throw new Failure(`the ledger of ${shockId} does not add up: ${faults.join('; ')}`);
  const counts = await countsOf(databases, fanOut.origin);
  return {
    shockId,
    origin: fanOut.origin,
    ...counts,
    seconds: rounded((lastAcknowledged - start) / MS),
    plannedSeconds: rounded((fanOut.plannedMs - start) / MS),
    publishedSeconds: rounded((fanOut.publishedMs - start) / MS),
    settledSeconds: rounded(((await settledMs(databases, shockId)) - start) / MS),
    cpuSeconds,
  };
}

interface Published {
  origin: string;
  plannedMs: number;
  publishedMs: number;
}

/** When the alerts of every slice are acknowledged. */
async function allPublished({ alerts }: BenchDatabases, shockId: string): Promise<Published> {
  const sql = `SELECT f.origin::text, extract(epoch FROM f.planned_at) * 1000 AS planned,
      count(*) FILTER (WHERE s.state <> 'published') AS open, count(s.slice_no) AS slices,
      extract(epoch FROM max(s.published_at)) * 1000 AS published
    FROM origins o JOIN fan_outs f USING (origin) LEFT JOIN slices s USING (origin, shock_revision)
    WHERE o.shock_id = $1 AND f.state IN ('running', 'done') GROUP BY f.origin, f.planned_at`;
  return waitFor({ what: 'alerts published', ...POLL }, async () => {
    const { rows } = await alerts.query(sql, [shockId]);
    const row = rows[0] as
      { origin: string; planned: string; open: string; slices: string; published: string } | undefined;
    if (row === undefined || Number(row.open) > 0 || Number(row.slices) === 0) return undefined;
    return { origin: row.origin, plannedMs: Number(row.planned), publishedMs: Number(row.published) };
  });
}

/** When the last answer of assistance-cases to the shock was acknowledged; nothing while one is on its way. */
async function lastEvent({ cases }: BenchDatabases, origin: string, start: number): Promise<number | undefined> {
  const { rows } = await cases.query<{ open: string; last: string | null }>(
    `SELECT count(*) FILTER (WHERE published_at IS NULL) AS open, extract(epoch FROM max(published_at)) * 1000 AS last
     FROM outbox WHERE (created_at >= to_timestamp($1::float8 / 1000) OR published_at IS NULL)
       AND EXISTS (SELECT FROM jsonb_array_elements(ref -> 'groups') AS answered WHERE answered ->> 0 = $2)`,
    [start, origin],
  );
  const [row] = rows;
  return row && Number(row.open) === 0 && row.last !== null ? Number(row.last) : undefined;
}

/** When the ledger added up. */
async function settledMs({ alerts }: BenchDatabases, shockId: string): Promise<number> {
  const { rows } = await alerts.query<{ settled: string }>(
    `SELECT extract(epoch FROM max(settled_at)) * 1000 AS settled FROM fan_outs JOIN origins USING (origin) WHERE shock_id = $1`,
    [shockId],
  );
  return Number(rows[0]?.settled);
}

/** Distinct households, not rows. */
async function countsOf({ alerts, cases }: BenchDatabases, origin: string): Promise<{ alerts: number; cases: number }> {
  const count = async (client: BenchDatabases['alerts'], sql: string): Promise<number> =>
    Number((await client.query<{ n: string }>(sql, [origin])).rows[0]?.n);
  return {
    alerts: await count(alerts, 'SELECT count(DISTINCT household_id) AS n FROM alerts WHERE origin = $1'),
    cases: await count(cases, 'SELECT count(DISTINCT household_id) AS n FROM cases WHERE case_origin = $1'),
  };
}
