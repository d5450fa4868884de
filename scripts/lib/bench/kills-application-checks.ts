/** What must have become of what a policy was applied to backwards: all of it judged by the version, once, and counted as it is. */
import { ledgerFaults, type FanOut } from '../client/fan-out.ts';
import type { ServiceSql } from '../client/service-sql.ts';
import { alertFaults, lastAlerts, named } from './kills-alert-checks.ts';
import type { Applied } from './kills-application.ts';
import type { groupDays } from './kills-plan.ts';

type Days = ReturnType<typeof groupDays>;

/** What was judged by other versions before, and how often their alerts had been said. */
export interface Concerned {
  readonly shockIds: readonly string[];
  readonly findingIds: readonly string[];
  readonly origins: readonly string[];
  readonly raised: number;
  readonly withdrawn: number;
}

const SHOCKS = `SELECT shock_id AS id FROM shocks
  WHERE kind = 'hail' AND published AND state <> 'cancelled' AND merged_into IS NULL AND judged_on BETWEEN $1 AND $2`;
const FINDINGS = `SELECT finding_id AS id, origin::text FROM findings
  WHERE occurred_on BETWEEN $1 AND $2 AND outcome <> 'withdrawn'`;
const SAID = `SELECT count(*) FILTER (WHERE state = 1)::int AS raised, count(*) FILTER (WHERE state = 2)::int AS withdrawn
  FROM alerts WHERE origin = ANY($1::bigint[])`;

/** To be asked after the release and before the round sends anything. */
export async function concernedNow({ sql }: ServiceSql, { hail, found }: Days): Promise<Concerned> {
  const shocks = await sql<{ id: string }>('shock-feeds', SHOCKS, [hail.since, hail.until]);
  const findings = await sql<{ id: string; origin: string }>('risk-alerts', FINDINGS, [found.since, found.until]);
  const origins = findings.map(({ origin }) => origin);
  const [said] = await sql<{ raised: number; withdrawn: number }>('risk-alerts', SAID, [origins]);
  return {
    shockIds: shocks.map(({ id }) => id),
    findingIds: findings.map(({ id }) => id),
    origins,
    raised: said?.raised ?? 0,
    withdrawn: said?.withdrawn ?? 0,
  };
}

/** `ledgerOf` waits until a shock has settled. To be asked again until all has had its time. */
export async function applicationFaults(
  world: ServiceSql,
  before: Concerned,
  { shocks, findings }: Applied,
  alertFrom: number,
  ledgerOf: (shockId: string) => Promise<FanOut>,
): Promise<string[]> {
  const { sql } = world;
  const [said] = await sql<{ raised: number; withdrawn: number }>('risk-alerts', SAID, [before.origins]);
  const others = await sql<{ id: string }>(
    'shock-feeds',
    'SELECT shock_id AS id FROM shocks WHERE shock_id = ANY($1::uuid[]) AND policy_version <> $2',
    [before.shockIds, shocks.toVersion],
  );
  const unjudged = await sql<{ id: string }>(
    'risk-alerts',
    'SELECT finding_id AS id FROM findings WHERE finding_id = ANY($1::uuid[]) AND policy_version <> $2',
    [before.findingIds, findings.toVersion],
  );
  const ledgers: string[] = [];
  for (const shockId of before.shockIds)
    ledgers.push(...ledgerFaults(await ledgerOf(shockId)).map((fault) => `${shockId}: ${fault}`));
  const origins = await sql<{ origin: string }>(
    'risk-alerts',
    'SELECT origin::text FROM origins WHERE shock_id = ANY($1::uuid[])',
    [before.shockIds],
  );
  const all = [...before.origins, ...origins.map(({ origin }) => origin)];
  const faults = [
    ...named('shocks that stand by another version', others.map(idOf)),
    ...named('findings judged by another version', unjudged.map(idOf)),
    ...unequal('shocks of the application', shocks.shocks, before.shockIds.length),
    ...unequal('shocks judged again', shocks.judged, before.shockIds.length),
    ...unequal('shocks left or parked', shocks.left + shocks.parked, 0),
    ...unequal('findings judged again', findings.judged, before.findingIds.length),
    ...unequal('findings that failed', findings.failed, 0),
    ...unequal('alerts of findings raised again', (said?.raised ?? 0) - before.raised, findings.raised),
    ...unequal('alerts of findings taken back', (said?.withdrawn ?? 0) - before.withdrawn, findings.withdrawn),
    ...ledgers,
    ...(await levelFaults(world, all, alertFrom)),
  ];
  return [...faults, ...(await alertFaults('alerts judged again', world, await lastAlerts(world, all), all))].map(
    (fault) => `applied backwards: ${fault}`,
  );
}

const idOf = ({ id }: { readonly id: string }): string => id;

/** Nobody is alerted below the level from which the version alerts. */
async function levelFaults({ sql }: ServiceSql, origins: readonly string[], alertFrom: number): Promise<string[]> {
  const low = await sql<{ id: string }>(
    'risk-alerts',
    `SELECT origin || '/' || household_id AS id FROM (
       SELECT DISTINCT ON (origin, household_id) origin, household_id, state, severity FROM alerts
       WHERE origin = ANY($1::bigint[]) ORDER BY origin, household_id, revision DESC) AS last
     WHERE state = 1 AND severity < $2`,
    [origins, alertFrom],
  );
  return named(`alerts below level ${alertFrom}`, low.map(idOf));
}

function unequal(what: string, is: number, wanted: number): string[] {
  return is === wanted ? [] : [`${what}: ${is} ≠ ${wanted}`];
}
