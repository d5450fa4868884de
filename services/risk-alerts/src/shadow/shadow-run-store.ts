/** Shadow runs as rows: which are due, one taken by one instance, and the counts that it leaves. */
import type { Tx } from '@fangpin/persistence';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import { AWAITS_POLICY } from '../ledger/stuck-slices.js';
import type { TownshipTally } from '../simulations/tallies.js';
import type { Lack } from '../simulations/unjudged-places.js';

export interface ShadowRun {
  readonly runNo: number;
  readonly origin: number;
  readonly shockRevision: number;
  readonly liveVersion: string;
}

/** Any text that no other lock of this database bears. */
const ONE_AT_A_TIME = 'fangpin-shadow-run';
const ATTEMPTS = 5;

/**
 * Notes every fan-out that was planned since the shadow version is known here and whose slices are stored, but for those that wait for a policy
 * that its version has not (they may for ever); one that was planned behind the exposure when it has caught up, for it is judged once. Repeats
 * note nothing twice.
 */
export function noteDueRuns(tx: Tx, shadowVersion: string): Promise<number> {
  return tx.execute(
    `INSERT INTO shadow_runs (origin, shock_revision, live_version, shadow_version)
     SELECT f.origin, f.shock_revision, f.policy_version, $1
     FROM fan_outs f JOIN policy_versions v ON v.version = $1
     WHERE f.direction = 'raise' AND f.state IN ('running', 'done') AND f.planned_at >= v.first_loaded_at AND NOT f.behind
       AND NOT EXISTS (SELECT FROM shadow_runs r WHERE r.origin = f.origin AND r.shock_revision = f.shock_revision
                         AND r.shadow_version = $1)
       AND NOT EXISTS (SELECT FROM slices s WHERE s.origin = f.origin AND s.shock_revision = f.shock_revision
                         AND s.direction = 'raise' AND s.state IN ('waiting', 'claimed') AND (${AWAITS_POLICY}) IS NOT TRUE)
     ORDER BY f.received_at
     ON CONFLICT DO NOTHING`,
    [shadowVersion],
  );
}

/** Takes the oldest run for the length of the transaction; nothing where another instance is at one, or none is due. */
export async function takeRun(tx: Tx, shadowVersion: string): Promise<ShadowRun | undefined> {
  const [free] = await tx.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock(hashtext($1)) AS taken', [
    ONE_AT_A_TIME,
  ]);
  if (free?.taken !== true) return undefined;
  const [row] = await tx.query<ShadowRun & Record<string, unknown>>(
    `SELECT run_no AS "runNo", origin, shock_revision AS "shockRevision", live_version AS "liveVersion" FROM shadow_runs
     WHERE state = 'waiting' AND shadow_version = $1 AND (retry_at IS NULL OR retry_at < clock_timestamp())
     ORDER BY run_no LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [shadowVersion],
  );
  return row;
}

/** Counts by township, and what a policy lacks to judge somebody there; never households. */
export async function storeRun(
  tx: Tx,
  { runNo }: ShadowRun,
  townships: readonly TownshipTally[],
  lacks: readonly Lack[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO shadow_run_townships (run_no, duty_code, live, shadow, differs, unjudged_in)
     SELECT $1, * FROM unnest($2::bigint[], $3::jsonb[], $4::jsonb[], $5::jsonb[], $6::jsonb[])`,
    [
      runNo,
      townships.map(({ township }) => township * TOWNSHIP_SPAN),
      townships.map(({ before }) => JSON.stringify(before)),
      townships.map(({ after }) => JSON.stringify(after)),
      townships.map(({ differs }) => JSON.stringify(differs)),
      townships.map(({ township }) => JSON.stringify(lacks.filter((lack) => lack.township === township))),
    ],
  );
  await tx.execute(
    `UPDATE shadow_runs SET state = 'done', done_at = now(), attempts = attempts + 1, last_error = NULL WHERE run_no = $1`,
    [runNo],
  );
}

/** Tried again after a minute, then two, three …; given up after some attempts, with its reason. */
export function noteFailure(tx: Tx, { runNo }: ShadowRun, error: string): Promise<number> {
  return tx.execute(
    `UPDATE shadow_runs SET attempts = attempts + 1, last_error = $2,
       retry_at = clock_timestamp() + make_interval(mins => attempts + 1),
       state = CASE WHEN attempts + 1 >= ${ATTEMPTS} THEN 'failed' ELSE 'waiting' END
     WHERE run_no = $1 AND state = 'waiting'`,
    [runNo, error.slice(0, 500)],
  );
}
