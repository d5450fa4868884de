/** Rows of findings whose alert stands and is nobody's to judge again but for a change of the household. */
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { liveExposure } from '../exposure/exposure-sets.js';
import { RAISED } from '../fan-out/alert-rows.js';
import type { LastFindingAlert } from './decide-finding.rule.js';
import { heldRows, type HeldRow } from './finding-rows.js';
import type { NotedFinding } from './noted-finding.js';

/** Condition on a finding `f`: its alert stands. What else may come out otherwise is judged as soon as the household changes (finding-rows.ts). */
const STANDS = `f.outcome = 'alerted' AND f.reason IS NULL`;

/** Condition on an alert as episodes follow it, `e`: somebody has answered it, or it has passed. One that was taken back may have been raised anew since. */
const ANSWERED = '(e.raised AND (e.held = 0 OR e.gone_since IS NOT NULL))';

/** Condition on a household `household_id`: an alert of a finding stands there. By an index, one household after the other. */
export const hasStandingFinding = (householdId: string): string =>
  `EXISTS (SELECT FROM findings f WHERE f.household_id = ${householdId} AND ${STANDS} OFFSET 0)`;

/** Findings of these households whose alert stands, locked in one order. */
export function standingOf(tx: Tx, householdIds: readonly number[]): Promise<HeldRow[]> {
  return heldRows(tx, `f.household_id = ANY($1::bigint[]) AND ${STANDS} ORDER BY f.finding_id FOR UPDATE`, [
    arrayLiteral(householdIds),
  ]);
}

/** Some findings whose household has rested, locked; those that another instance holds are left to it. */
export function restedFindings(tx: Tx, most: number, now: Date): Promise<HeldRow[]> {
  return heldRows(tx, `f.look_at <= $1 ORDER BY f.finding_id LIMIT ${most} FOR UPDATE SKIP LOCKED`, [now]);
}

/**
 * Some findings whose alert was judged by other members or another income than are known by now, and which wait for no look, locked: in order of id, after
 * the one that is named. What somebody has answered, or has passed, is left. By the alert's own key, one finding after the other.
 */
export async function findingsThatDiffer(tx: Tx, most: number, after: string): Promise<HeldRow[]> {
  const { households } = await liveExposure(tx, 'read');
  return heldRows(
    tx,
    `${STANDS} AND f.look_at IS NULL AND f.finding_id > $1 AND EXISTS (
       SELECT FROM ${households} h CROSS JOIN LATERAL (
         SELECT state, persons, per_capita_fen FROM alerts
         WHERE origin = f.origin AND household_id = f.household_id ORDER BY revision DESC LIMIT 1) AS a
       WHERE h.household_id = f.household_id AND h.active AND h.profile_revision > 0 AND a.state = ${RAISED}
         AND (a.persons, a.per_capita_fen) IS DISTINCT FROM (h.persons, h.per_capita_fen))
       AND NOT EXISTS (SELECT FROM relooks r WHERE r.household_id = f.household_id)
       AND NOT EXISTS (
         SELECT FROM episode_alerts e WHERE e.household_id = f.household_id AND e.origin = f.origin AND ${ANSWERED})
     ORDER BY f.finding_id LIMIT ${most} FOR UPDATE SKIP LOCKED`,
    [after],
  );
}

/** How long a finding rests, hours. */
export interface Rest {
  readonly finding: NotedFinding;
  readonly restHours: number;
  readonly latestHours: number;
}

/** Has these looked at once nothing of their household has changed for a while, and some time after the first change in any case. */
export async function letRest(tx: Tx, rests: readonly Rest[], now: Date): Promise<void> {
  if (rests.length === 0) return;
  await tx.execute(
    `UPDATE findings f SET rests_since = coalesce(f.rests_since, $4),
       look_at = least($4 + make_interval(hours => v.rest), coalesce(f.rests_since, $4) + make_interval(hours => v.latest))
     FROM unnest($1::uuid[], $2::int[], $3::int[]) AS v (finding_id, rest, latest) WHERE f.finding_id = v.finding_id`,
    [
      rests.map(({ finding }) => finding.facts.findingId),
      rests.map(({ restHours }) => restHours),
      rests.map(({ latestHours }) => latestHours),
      now,
    ],
  );
}

/** They were looked at after their rest. */
export async function restNoLonger(tx: Tx, rows: readonly HeldRow[]): Promise<void> {
  await tx.execute('UPDATE findings SET rests_since = NULL, look_at = NULL WHERE finding_id = ANY($1::uuid[])', [
    rows.map(({ findingId }) => findingId),
  ]);
}

/**
 * Of findings by id, up to which severity somebody has answered the alert that stands: a case that has ended, a check without risk. Absent where nobody has;
 * `passed` where its time is over. Episodes follow a moment later: of a revision that they have not seen, only a check speaks.
 */
export async function answersOf(
  tx: Tx,
  standing: ReadonlyMap<string, Pick<LastFindingAlert, 'householdId' | 'origin' | 'revision'>>,
): Promise<ReadonlyMap<string, number | 'passed'>> {
  const alerts = [...standing.values()];
  const rows = await tx.query<{ finding_id: string; up_to: number; answered: boolean }>(
    `SELECT v.finding_id, coalesce(e.checked_up_to, 0) AS up_to, e.checked_up_to IS NOT NULL OR e.gone_since IS NOT NULL AS answered
     FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[]) AS v (finding_id, household_id, origin, revision)
       JOIN episode_alerts e USING (household_id, origin)
     WHERE ${ANSWERED} AND (e.revision >= v.revision OR e.checked_up_to IS NOT NULL)`,
    [
      [...standing.keys()],
      arrayLiteral(alerts.map(({ householdId }) => householdId)),
      arrayLiteral(alerts.map(({ origin }) => origin)),
      arrayLiteral(alerts.map(({ revision }) => revision)),
    ],
  );
  return new Map(rows.map((row) => [row.finding_id, row.answered ? row.up_to : 'passed']));
}
