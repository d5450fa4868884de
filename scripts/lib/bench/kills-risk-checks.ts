/** Whether risk episodes and joint alerts say the same as the alerts that they are made of, and cases the same as their alerts. */
import type { ServiceSql } from '../client/service-sql.ts';
import { alertFaults, lastAlerts } from './kills-alert-checks.ts';

type Counts = Record<string, number>;

const FOLLOWED = `
WITH last AS (
  SELECT DISTINCT ON (origin, household_id) origin, household_id, revision, state = 1 AS raised FROM alerts
  WHERE origin = ANY($1::bigint[]) ORDER BY origin, household_id, revision DESC
)
SELECT count(*) FILTER (WHERE e.origin IS NULL)::int AS "alerts that no episode follows",
  count(*) FILTER (WHERE e.revision <> l.revision OR e.raised <> l.raised)::int AS "alerts that episodes follow as they were",
  count(*) FILTER (WHERE e.raised AND e.held = 0 AND e.gone_since IS NULL AND e.checked_up_to IS NULL)::int
    AS "alerts that stand and count for nothing",
  count(*) FILTER (WHERE NOT e.raised AND e.held > 0)::int AS "alerts that were withdrawn and still count"
FROM last l LEFT JOIN episode_alerts e USING (origin, household_id)`;

const EPISODES = `
SELECT count(*) FILTER (WHERE open.household_id IS NULL)::int AS "households at risk without an open episode",
  count(*) FILTER (WHERE held.household_id IS NULL)::int AS "open episodes without an alert that counts"
FROM (SELECT household_id, cause FROM episode_alerts WHERE held > 0
      UNION SELECT household_id, cause FROM joint_alerts j JOIN risk_episodes e USING (household_id, ordinal)
      WHERE e.cause = 'several' AND j.state = 'raised') AS held
  FULL JOIN (SELECT household_id, cause FROM risk_episodes WHERE state = 'open') AS open USING (household_id, cause)`;

const JOINT = `
SELECT count(*) FILTER (WHERE last.state IS NULL OR (j.state = 'withdrawn') <> (last.state = 2))::int
    AS "joint alerts that stand otherwise than they were said",
  count(*) FILTER (WHERE j.state = 'raised' AND parts.n < 2)::int AS "joint alerts of fewer than two parts that count"
FROM joint_alerts j
  CROSS JOIN LATERAL (SELECT count(*) AS n FROM unnest(j.members) AS part (origin)
    WHERE EXISTS (SELECT FROM episode_alerts e WHERE e.origin = part.origin AND e.household_id = j.household_id AND e.held > 0)
      OR EXISTS (SELECT FROM held_back_losses h WHERE h.origin = part.origin AND h.household_id = j.household_id AND h.gone_why IS NULL)
  ) AS parts
  LEFT JOIN LATERAL (SELECT state FROM alerts a WHERE a.origin = j.origin AND a.household_id = j.household_id
    ORDER BY revision DESC LIMIT 1) AS last ON true`;

const CASES = `
SELECT count(*) FILTER (WHERE state < 100 AND NOT acted AND standing = 0)::int AS "open cases without an alert that stands",
  count(*) FILTER (WHERE state = 109 AND standing > 0)::int AS "withdrawn cases with an alert that stands"
FROM (SELECT c.state, c.acted, (c.alert_outcome < 4)::int + (SELECT count(*) FROM case_alerts a
        WHERE a.case_origin = c.case_origin AND a.household_id = c.household_id AND a.outcome < 4) AS standing
      FROM cases c) AS counted`;

const ITEMS = `
SELECT count(*)::int AS "open check items whose alert was taken back"
FROM check_items WHERE state < 100 AND outcome > 4 AND flagged_at IS NULL`;

/** `origins`: of the round's shock and findings; `since`: joint alerts said from then on are looked at one by one. */
export async function riskFaults(world: ServiceSql, origins: readonly string[], since: Date): Promise<string[]> {
  const { sql } = world;
  const joint = await sql<{ origin: string }>(
    'risk-alerts',
    `SELECT DISTINCT o::text AS origin FROM slices, unnest(origins) AS o WHERE direction = 'joint' AND stored_at >= $1`,
    [since],
  );
  const jointOrigins = joint.map(({ origin }) => origin);
  const rows = [
    ...(await sql<Counts>('risk-alerts', FOLLOWED, [origins])),
    ...(await sql<Counts>('risk-alerts', EPISODES)),
    ...(await sql<Counts>('risk-alerts', JOINT)),
    ...(await sql<Counts>('assistance-cases', CASES)),
    ...(await sql<Counts>('assistance-cases', ITEMS)),
  ];
  const counted = rows.flatMap(Object.entries).filter(([, n]) => n > 0);
  const alerts = await lastAlerts(world, jointOrigins);
  return [
    ...counted.map(([what, n]) => `${what}: ${n}`),
    ...(await alertFaults('joint alerts', world, alerts, jointOrigins)),
  ];
}
