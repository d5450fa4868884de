/** What must hold between the services when a round is over, beside the accounts of its shock. */
import { behind, SERVICES_WITH_TABLES, unpublished, type Observed } from '../client/on-its-way.ts';
import type { ServiceSql } from '../client/service-sql.ts';
import type { ServiceName, Stack } from '../stack/index.ts';
import { faultsThatStay } from './wait.ts';

export interface CheckedSystem extends Observed {
  readonly stack: Stack;
}

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

async function parkedLetters({ sql }: CheckedSystem): Promise<string[]> {
  const faults: string[] = [];
  for (const service of SERVICES_WITH_TABLES) {
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
