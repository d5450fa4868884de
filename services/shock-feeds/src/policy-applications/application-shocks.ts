/** The shocks of applications as rows: what is to be judged next, what became of it, what failed and is tried again. */
import type { Tx } from '@fangpin/persistence';
import type { ShockEntity } from '../shocks/shock.entity.js';
import { errorText } from './application-problems.js';
import type { Rejudged } from './rejudge-shocks.js';
import type { RegionCode } from '@fangpin/domain-kit';

export interface RunningApplication {
  readonly applicationId: string;
  readonly region: RegionCode;
}

/** Of a row `s`: a parked one is due after a while. */
const RETRY_IS_DUE = `s.state = 'parked' AND s.retry_at <= clock_timestamp()`;
const OPEN = `FROM policy_application_shocks s WHERE s.application_id = a.application_id AND s.state`;

/**
 * Holds the oldest application of the version in which something can be done: a shock waits, or else a parked one is due, or nothing
 * is left. One that another process holds, or of which only parked shocks are left, holds up none behind it.
 */
export async function nextApplication(tx: Tx, version: string): Promise<RunningApplication | undefined> {
  const [row] = await tx.query<{ application_id: string; region: RegionCode }>(
    `SELECT a.application_id, a.region FROM policy_applications a
     WHERE a.state = 'running' AND a.to_version = $1
       AND (EXISTS (SELECT ${OPEN} = 'waiting')
         OR EXISTS (SELECT FROM policy_application_shocks s WHERE s.application_id = a.application_id AND ${RETRY_IS_DUE})
         OR NOT EXISTS (SELECT ${OPEN} = 'parked'))
     ORDER BY NOT EXISTS (SELECT ${OPEN} = 'waiting'), a.requested_at, a.application_id
     LIMIT 1 FOR UPDATE OF a SKIP LOCKED`,
    [version],
  );
  return row && { applicationId: row.application_id, region: row.region };
}

/** What waits, in the order of arrival; where nothing does, one parked shock that is due, alone. */
export async function nextShocks(tx: Tx, applicationId: string, most: number): Promise<string[]> {
  const waiting = await tx.query<{ shock_id: string }>(
    `SELECT shock_id FROM policy_application_shocks WHERE application_id = $1 AND state = 'waiting'
     ORDER BY shock_no LIMIT $2`,
    [applicationId, most],
  );
  const next =
    waiting.length > 0
      ? waiting
      : await tx.query<{ shock_id: string }>(
          `SELECT s.shock_id FROM policy_application_shocks s WHERE s.application_id = $1 AND ${RETRY_IS_DUE}
           ORDER BY s.retry_at, s.shock_no LIMIT 1`,
          [applicationId],
        );
  return next.map(({ shock_id }) => shock_id);
}

/** Called off, merged, under the version already, or not of the region, by the time it was their turn. */
export async function noteLeft(tx: Tx, applicationId: string, shockIds: readonly string[]): Promise<void> {
  await tx.execute(
    `UPDATE policy_application_shocks SET state = 'left', error = NULL, retry_at = NULL
     WHERE application_id = $1 AND shock_id = ANY($2::uuid[])`,
    [applicationId, shockIds],
  );
}

/** `written`: the new revision of each of `judged`. */
export async function noteJudged(
  tx: Tx,
  applicationId: string,
  judged: readonly Rejudged[],
  written: readonly ShockEntity[],
): Promise<void> {
  const rows = written.map(({ shockId, revision, lane }, i) => ({
    shockId,
    revision,
    fromVersion: judged[i]?.shock.policyVersion,
    fromLane: judged[i]?.shock.lane,
    toLane: lane,
    changes: judged[i]?.changes,
    notDerived: judged[i]?.notDerived,
  }));
  await tx.execute(
    `UPDATE policy_application_shocks s SET state = 'judged', revision = v.revision, from_version = v."fromVersion",
       from_lane = v."fromLane", to_lane = v."toLane", changes = v.changes, not_derived = v."notDerived", error = NULL, retry_at = NULL
     FROM jsonb_to_recordset($2::jsonb) AS v ("shockId" uuid, revision bigint, "fromVersion" text, "fromLane" text,
       "toLane" text, changes text[], "notDerived" text[])
     WHERE s.application_id = $1 AND s.shock_id = v."shockId"`,
    [applicationId, JSON.stringify(rows)],
  );
}

/** Keeps what its judging failed with; it is tried again after a second, then after two, four … at most a minute. */
export async function park(tx: Tx, applicationId: string, shockId: string, error: unknown): Promise<void> {
  await tx.execute(
    `UPDATE policy_application_shocks SET state = 'parked', attempts = attempts + 1, error = $3,
       retry_at = clock_timestamp() + make_interval(secs => least(60, power(2, least(attempts, 10))))
     WHERE application_id = $1 AND shock_id = $2 AND state IN ('waiting', 'parked')`,
    [applicationId, shockId, errorText(error)],
  );
}

export async function noteDone(tx: Tx, applicationId: string, at: Date): Promise<void> {
  await tx.execute(`UPDATE policy_applications SET state = 'done', ended_at = $2 WHERE application_id = $1`, [
    applicationId,
    at,
  ]);
}

/** How many shocks are parked, of all applications. */
export async function countParked(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM policy_application_shocks WHERE state = 'parked'`,
  );
  return row?.n ?? 0;
}
