/** What must hold between the services when a round is over, beside the accounts of its shock. */
import { topics, type Topic } from '@fangpin/contracts';
import type { Bus } from '@fangpin/messaging';
import type { ServiceSql } from '../client/service-sql.ts';
import { serviceNames, type ServiceName, type Stack } from '../stack/index.ts';
import { faultsThatStay } from './wait.ts';

export interface CheckedSystem extends ServiceSql {
  readonly stack: Stack;
  readonly bus: Bus;
}

const WITH_TABLES = serviceNames.filter((name) => name !== 'gateway');
const PATIENCE = { everyMs: 200, timeoutMs: 60_000 };
/** A probe of a service whose line to the bus was cut may take a while. */
const PROBE_MS = 5_000;

/** Waits until all is quiet again; answers what does not become so, empty when nothing is wrong. */
export async function systemFaults(system: CheckedSystem): Promise<string[]> {
  const faults: string[] = [];
  for (const look of [unreadyServices, unpublished, behind])
    faults.push(...(await faultsThatStay(PATIENCE, () => look(system))));
  return [...faults, ...(await parkedLetters(system))];
}

/** A halted consumer shows as not ready; one that only waits for something as degraded. */
async function unreadyServices({ stack }: CheckedSystem): Promise<string[]> {
  const faults: string[] = [];
  for (const name of Object.keys(stack.pids())) {
    const [service, instance] = name.split('#') as [ServiceName, string | undefined];
    const url = `${stack.url(service, Number(instance ?? 1))}/health/ready`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) });
    const text = await answer.text();
    if (!answer.ok || /"state":"(halted|paused)"/.test(text)) faults.push(`${name} is not well: ${text}`);
  }
  return faults;
}

async function unpublished({ sql }: CheckedSystem): Promise<string[]> {
  const faults: string[] = [];
  for (const service of WITH_TABLES) {
    const [row] = await sql<{ n: number }>(service, 'SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL');
    if (row?.n !== 0) faults.push(`${service}: ${row?.n} rows of the outbox are not published`);
  }
  return faults;
}

/** Every consumer has applied all that is in its topics. */
async function behind({ sql, bus }: CheckedSystem): Promise<string[]> {
  const faults: string[] = [];
  for (const topic of Object.values<Topic>(topics)) {
    const ends = await bus.endOffsets(topic);
    for (const service of topic.consumers) {
      // Topics of the bulk lane have a runner of their own.
      const consumer = topic.lane === 'bulk' ? `${service}.bulk` : service;
      const rows = await sql<{ partition_no: number; next_offset: string }>(
        service,
        'SELECT partition_no, next_offset::text FROM consumer_progress WHERE consumer = $1 AND topic = $2',
        [consumer, topic.name],
      );
      const progress = new Map(rows.map((row) => [row.partition_no, BigInt(row.next_offset)]));
      for (const [partition, end] of ends) {
        const next = progress.get(partition) ?? 0n;
        if (end > 0n && next !== end) faults.push(`${consumer} is at ${next} of ${end} in ${topic.name}/${partition}`);
      }
    }
  }
  return faults;
}

async function parkedLetters({ sql }: CheckedSystem): Promise<string[]> {
  const faults: string[] = [];
  for (const service of WITH_TABLES) {
    const rows = await sql<{ n: number; topic: string; error: string }>(
      service,
      `SELECT topic, concat(error_code, ' ', min(error_message)) AS error, count(*)::int AS n FROM parked_letters
       WHERE status IN ('parked', 'waiting', 'replay') GROUP BY topic, error_code`,
    );
    faults.push(...rows.map(({ n, topic, error }) => `${service}: ${n} letters of ${topic} are parked: ${error}`));
  }
  return faults;
}

/** How the shock's way stands, for the report of a round that failed. */
export async function wayOf({ sql }: ServiceSql, shockId: string): Promise<string> {
  const fanOuts = await sql(
    'risk-alerts',
    `SELECT f.shock_revision, f.direction, f.state, f.candidates, (
       SELECT jsonb_object_agg(coalesce(s.state, '-'), n) FROM (
         SELECT state, count(*) AS n FROM slices WHERE origin = f.origin AND shock_revision = f.shock_revision GROUP BY 1) s) AS slices
     FROM fan_outs f JOIN origins USING (origin) WHERE shock_id = $1 ORDER BY 1`,
    [shockId],
  );
  const stored = await sql('shock-feeds', 'SELECT revision, state, lane FROM shocks WHERE shock_id = $1', [shockId]);
  return JSON.stringify({ stored, fanOuts });
}
