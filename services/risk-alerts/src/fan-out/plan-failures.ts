/**
 * Fan-outs that cannot be planned: under a policy that lacks a record, or by an error of this service. Each is marked with its
 * error, shows in the ledger and a gauge, and is tried again with back-off; the others go on.
 */
import type { Cause } from '@fangpin/contracts';
import { DomainError } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';

/** Condition on a row `f` of fan_outs: planning did not fail, or not just now. */
export const PLAN_IS_DUE = '(f.plan_after IS NULL OR f.plan_after < clock_timestamp())';
/** Assignments to a row of fan_outs whose planning went well: one that is confirmed is planned once more, without a grudge. */
export const PLANNED_WELL = 'planning = false, plan_attempts = 0, plan_error = NULL, plan_after = NULL';

interface FanOutKey {
  readonly origin: number;
  readonly shockRevision: number;
}

export interface PlanFailure {
  readonly cause: Cause;
  readonly attempts: number;
  readonly error: string;
  readonly nextTryAt: Date;
}

/** Keeps what planning failed with; it is tried again after a second, then after two, four … at most a minute. */
export async function notePlanFailure(tx: Tx, { origin, shockRevision }: FanOutKey, error: unknown): Promise<void> {
  await tx.execute(
    `UPDATE fan_outs SET planning = false, plan_attempts = plan_attempts + 1, plan_error = $3,
       plan_after = clock_timestamp() + make_interval(secs => least(60, power(2, least(plan_attempts, 10))))
     WHERE origin = $1 AND shock_revision = $2 AND state = 'waiting'`,
    [origin, shockRevision, textOf(error).slice(0, 500)],
  );
}

function textOf(error: unknown): string {
  if (error instanceof DomainError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** Why the latest fan-outs of a shock's causes cannot be planned. */
export function planFailuresOf(tx: Tx, origins: readonly number[]): Promise<(PlanFailure & Record<string, unknown>)[]> {
  return tx.query(
    `SELECT o.cause, f.plan_attempts AS attempts, f.plan_error AS error, f.plan_after AS "nextTryAt"
     FROM fan_outs f JOIN origins o USING (origin)
     WHERE f.origin = ANY($1::bigint[]) AND f.state = 'waiting' AND f.plan_error IS NOT NULL ORDER BY o.cause`,
    [origins],
  );
}

export interface PassedUnasked {
  readonly cause: Cause;
  readonly candidates: number;
  /** Whether an officer had confirmed fewer. */
  readonly confirmed: boolean;
}

/**
 * Latest fan-outs of a shock's causes that are more than may pass unseen, or materially more than was confirmed, which was known only
 * when they had caught up (catch-up.ts), or when they were planned after the word.
 */
export function passedUnasked(
  tx: Tx,
  origins: readonly number[],
): Promise<(PassedUnasked & Record<string, unknown>)[]> {
  return tx.query(
    `SELECT o.cause, coalesce(f.candidates, 0) AS candidates, f.confirmed_by IS NOT NULL AS confirmed FROM fan_outs f JOIN origins o USING (origin)
     WHERE f.origin = ANY($1::bigint[]) AND f.state IN ('running', 'done') AND f.asked_because IS NOT NULL
       AND NOT EXISTS (SELECT FROM fan_outs later WHERE later.origin = f.origin AND later.shock_revision > f.shock_revision)
     ORDER BY o.cause`,
    [origins],
  );
}

/** How many fan-outs cannot be planned, of all shocks. */
export async function countPlanFailures(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM fan_outs WHERE state = 'waiting' AND plan_error IS NOT NULL`,
  );
  return row?.n ?? 0;
}
