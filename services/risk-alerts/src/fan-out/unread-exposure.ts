/**
 * How far the exposure is from what stood in the topics when a shock was accepted. A fan-out is planned when it has read that; one
 * that has waited too long is planned before, and stays *behind* until it has (docs/adr/0050-a-shock-waits-for-no-backfill.md).
 */
import { topics } from '@fangpin/contracts';
import { progressOf } from '@fangpin/messaging';
import type { Database, Tx } from '@fangpin/persistence';
import { reportedFields } from '../loss/reported-fields.js';
import type { ShockFacts } from '../loss/shock-facts.js';
import type { FanOut, Pins } from './fan-out.js';

export interface UnreadExposure {
  readonly origin: number;
  /** Planned before the exposure had read to the pins; else it waits to be planned. */
  readonly behind: boolean;
  /** Messages up to the pins that are not read; those that compaction has dropped meanwhile count too. */
  readonly messages: number;
}

/** Fan-outs `f` that wait for the exposure; `$1` is the group under which this service reads. */
const UNREAD = `
  SELECT f.origin, f.behind, sum(greatest(0, pin.stop::bigint - coalesce(p.next_offset, 0)))::bigint AS messages
  FROM fan_outs f
    CROSS JOIN LATERAL jsonb_each(f.pins) AS topic (name, pins)
    CROSS JOIN LATERAL jsonb_each_text(topic.pins) AS pin (no, stop)
    LEFT JOIN consumer_progress p ON p.consumer = $1 AND p.topic = topic.name AND p.partition_no = pin.no::integer
  WHERE (f.state = 'waiting' OR f.behind) AND f.state IN ('waiting', 'awaiting-confirmation', 'running')`;
// One that is behind stays so until the households that changed meanwhile are looked at, too.
const IN_QUESTION = `GROUP BY f.origin, f.shock_revision, f.behind
  HAVING f.behind OR sum(greatest(0, pin.stop::bigint - coalesce(p.next_offset, 0))) > 0`;

/** What the fan-outs of a shock's causes wait for; empty where they wait for no data. */
export function unreadExposureOf(
  tx: Tx,
  group: string,
  origins: readonly number[],
): Promise<(UnreadExposure & Record<string, unknown>)[]> {
  return tx.query(`${UNREAD} AND f.origin = ANY($2::bigint[]) ${IN_QUESTION}`, [group, origins]);
}

/** How many fan-outs wait for the exposure or are behind it, of all shocks. */
export async function countAwaitingExposure(tx: Tx, group: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM (${UNREAD} ${IN_QUESTION}) AS unread`, [
    group,
  ]);
  return row?.n ?? 0;
}

/** Whether the exposure has read all that a fan-out was pinned to. */
export async function hasRead(database: Database, group: string, pins: Pins): Promise<boolean> {
  for (const topic of [topics.household, topics.assessment]) {
    const wanted = Object.entries(pins[topic.name] ?? {});
    if (wanted.length === 0) continue;
    const progress = await progressOf(database, group, topic);
    for (const [partition, offset] of wanted)
      if (offset > 0 && Number(progress.get(Number(partition)) ?? 0n) < offset) return false;
  }
  return true;
}

/**
 * Whether a fan-out has waited so long that it is planned with the exposure as it is: a live one, of a shock that is open or over. What
 * is read later is made good by looking again at the households that it changes, until it has caught up. Not one whose report says what
 * was lost in figures: they are shares of what stands, and by a part of it everybody had lost too much.
 */
export async function hasWaitedEnough(
  tx: Tx,
  { origin, shockRevision, shock }: Pick<FanOut, 'origin' | 'shockRevision' | 'shock'>,
  seconds: number,
): Promise<boolean> {
  if (countsShares(shock)) return false;
  const rows = await tx.query(
    `SELECT 1 FROM fan_outs WHERE origin = $1 AND shock_revision = $2 AND lane = 'live'
       AND received_at <= clock_timestamp() - make_interval(secs => $3)`,
    [origin, shockRevision, seconds],
  );
  return rows.length > 0;
}

/** Whether its figures are shares of what stands in the field, in the village, in the stable, or of who works there (standingAreas). */
function countsShares(shock: ShockFacts): boolean {
  if (shock.cause === 'animal-disease') return shock.animals.length > 0;
  if (shock.unsoldStock !== undefined || shock.layOff !== undefined) return countsStockOrJobs(shock);
  return (shock.cause === 'dwelling' ? shock.damage : reportedFields(shock)).length > 0;
}

function countsStockOrJobs({ unsoldStock = [], layOff }: ShockFacts): boolean {
  return (layOff?.persons ?? 0) > 0 || unsoldStock.some(({ quantityKg }) => quantityKg > 0);
}
