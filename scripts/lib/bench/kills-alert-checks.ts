/** Alerts that stand alone (of findings, and of several causes together): each answered as it was said, and where it is to be, once. */
import type { HttpClient } from '../client/http-client.ts';
import type { ServiceSql } from '../client/service-sql.ts';

const RAISED = 1;
/** Outcomes below stand in a case or on a list; of parked ones nothing stands, and above they were taken back. */
const PARKED = 4;
const NAMED_AT_MOST = 5;

/** The last revision of an alert and the last answer to it. */
export interface LastAlert {
  readonly origin: string;
  readonly householdId: number;
  readonly raised: boolean;
  /** How many revisions were said. */
  readonly revisions: number;
  /** Null where assistance-cases has not answered this revision. */
  readonly outcome: number | null;
}

const LAST = `
WITH said AS (
  SELECT DISTINCT ON (origin, household_id) origin, household_id, revision, state,
    count(*) OVER (PARTITION BY origin, household_id)::int AS revisions
  FROM alerts WHERE origin = ANY($1::bigint[]) ORDER BY origin, household_id, revision DESC
), answered AS (
  SELECT DISTINCT ON (t.origin, pair.household_id) t.origin, pair.household_id, t.alert_revision, pair.outcome
  FROM triage_answers t, unnest(t.household_ids, t.outcomes) AS pair (household_id, outcome)
  WHERE t.origin = ANY($1::bigint[]) ORDER BY t.origin, pair.household_id, t.alert_revision DESC, t.answer_no DESC
)
SELECT s.origin::text AS origin, s.household_id::text AS household, s.state, s.revisions,
  CASE WHEN a.alert_revision >= s.revision THEN a.outcome END AS outcome
FROM said s LEFT JOIN answered a USING (origin, household_id)`;

const STANDING = `
SELECT case_origin::text AS origin, household_id::text AS household FROM cases
  WHERE case_origin = ANY($1::bigint[]) AND alert_outcome < ${PARKED}
UNION ALL SELECT origin::text, household_id::text FROM case_alerts
  WHERE origin = ANY($1::bigint[]) AND outcome < ${PARKED}
UNION ALL SELECT origin::text, household_id::text FROM check_items
  WHERE origin = ANY($1::bigint[]) AND outcome < ${PARKED} AND state <> 102`;

export async function lastAlerts({ sql }: ServiceSql, origins: readonly string[]): Promise<LastAlert[]> {
  const rows = await sql<{
    origin: string;
    household: string;
    state: number;
    revisions: number;
    outcome: number | null;
  }>('risk-alerts', LAST, [origins]);
  return rows.map(({ household, state, ...alert }) => ({
    ...alert,
    householdId: Number(household),
    raised: state === RAISED,
  }));
}

/** What of them is not answered as it was said, and does not stand once where it was raised, or still stands where it was not. */
export async function alertFaults(
  what: string,
  { sql }: ServiceSql,
  alerts: readonly LastAlert[],
  origins: readonly string[],
): Promise<string[]> {
  const rows = await sql<{ origin: string; household: string }>('assistance-cases', STANDING, [origins]);
  const stands = new Map<string, number>();
  for (const { origin, household } of rows) {
    const key = `${origin}/${household}`;
    stands.set(key, (stands.get(key) ?? 0) + 1);
  }
  const raised = new Set(alerts.filter((alert) => alert.raised).map(keyOf));
  const unanswered = alerts.filter(({ outcome }) => outcome === null || outcome === PARKED);
  const otherwise = alerts.filter(({ raised: is, outcome }) => outcome !== null && is !== outcome < PARKED);
  return [
    ...named(`${what} without an answer`, unanswered.map(keyOf)),
    ...named(`${what} answered as something else`, otherwise.map(keyOf)),
    ...named(
      `${what} that stand nowhere`,
      [...raised].filter((key) => !stands.has(key)),
    ),
    ...named(
      `${what} that stand more than once`,
      [...stands].filter(([, n]) => n > 1).map(([key]) => key),
    ),
    ...named(
      `${what} that stand and must not`,
      [...stands.keys()].filter((key) => !raised.has(key)),
    ),
  ];
}

const keyOf = ({ origin, householdId }: LastAlert): string => `${origin}/${householdId}`;

/** None where there are none; else how many, and some of them. */
export function named(what: string, keys: readonly string[]): string[] {
  return keys.length === 0 ? [] : [`${what}: ${keys.length}, as ${keys.slice(0, NAMED_AT_MOST).join(', ')}`];
}

/** Findings as they are told over HTTP: an alert is explained and can be computed again, what was held back has its reason in words. */
export async function explanationFaults(client: HttpClient, findingIds: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const findingId of findingIds) {
    const finding = await client.get<{ alertId: string | null; reason: { text: string } | null }>(
      `/v1/findings/${findingId}`,
    );
    if (finding.alertId === null && !finding.reason?.text) faults.push(`finding ${findingId} has no reason`);
    if (finding.alertId === null) continue;
    const { explanation } = await client.get<{ explanation: { recomputed: boolean; text: string } }>(
      `/v1/alerts/${finding.alertId}`,
    );
    if (!explanation.recomputed || explanation.text === '') faults.push(`alert ${finding.alertId} cannot be explained`);
  }
  return faults;
}
