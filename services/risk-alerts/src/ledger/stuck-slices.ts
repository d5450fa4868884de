/**
 * Slices that do not get done: failed so often, or not published so long after they were cut. They show with their reason
 * and are still tried again, with back-off (slices.ts); nobody has to do anything but look why. One that was given up though its fan-out
 * was not is tried by nobody.
 */
import type { Tx } from '@fangpin/persistence';
import { GIVEN_UP } from './given-up-slices.js';
import type { LedgerSettings } from './settings.js';

export interface StuckSlice {
  readonly sliceNo: number;
  readonly state: 'waiting' | 'claimed' | 'stored' | 'superseded';
  readonly townships: readonly number[];
  readonly attempts: number;
  readonly ageSeconds: number;
  /** When it is tried again; null while an instance works on it, while it waits for others, and where nobody will. */
  readonly nextTryAt: Date | null;
  readonly lastError: string | null;
  /** No try comes right: the policy version of the shock lacks something to judge somebody by. */
  readonly awaitsPolicy: boolean;
  /** It withdraws, and waits for what is to be raised first. */
  readonly awaitsOthers: boolean;
}

type Limits = Pick<LedgerSettings, 'stuckAfterAttempts' | 'stuckAfterSeconds'>;

/**
 * Condition on a row `s` of slices: its townships wait for a policy. No try of it can come right, for a shock is judged by the records of
 * its own version; that is for an officer, in the morning, and says nothing against this system. One that is claimed is being tried, and may hang.
 */
export const AWAITS_POLICY = `s.state = 'waiting' AND s.lacks_policy`;

/** … it withdraws, and waits for what is to be raised first: those slices show, or wait for a policy. */
const AWAITS_OTHERS = `s.state = 'waiting' AND s.lease_until = 'infinity' AND s.last_error IS NOT NULL AND EXISTS (
  SELECT FROM slices first WHERE first.origin = s.origin AND first.shock_revision = s.shock_revision AND first.direction = 'raise'
    AND first.state IN ('waiting', 'claimed'))`;
const AWAITS_OTHERS_OR_NOT = `coalesce(${AWAITS_OTHERS}, false)`;

/** Condition on a row `s` of slices; the limits are numbers of the settings and go into the text. */
function stuckCondition({ stuckAfterAttempts, stuckAfterSeconds }: Limits): string {
  return `s.state IN ('waiting', 'claimed', 'stored') AND ((s.state <> 'stored' AND s.attempts >= ${stuckAfterAttempts})
    OR s.created_at < clock_timestamp() - make_interval(secs => ${stuckAfterSeconds}))`;
}

const OF_RUNNING = `EXISTS (SELECT FROM fan_outs f WHERE f.origin = s.origin AND f.shock_revision = s.shock_revision
  AND f.direction = s.direction AND f.state = 'running') AND ${GIVEN_UP}`;

/** Stuck slices of some origins, the oldest first, at most `most`. */
export function stuckSlicesOf(
  tx: Tx,
  origins: readonly number[],
  limits: Limits,
  most: number,
): Promise<(StuckSlice & Record<string, unknown>)[]> {
  return tx.query(
    `SELECT s.slice_no AS "sliceNo", s.state, s.townships, s.attempts, s.last_error AS "lastError", ${AWAITS_POLICY} AS "awaitsPolicy",
       extract(epoch FROM clock_timestamp() - s.created_at)::int AS "ageSeconds",
       ${AWAITS_OTHERS_OR_NOT} AS "awaitsOthers",
       CASE WHEN s.state = 'waiting' AND NOT ${AWAITS_OTHERS_OR_NOT}
         THEN coalesce(nullif(s.lease_until, 'infinity'), clock_timestamp()) END AS "nextTryAt"
     FROM slices s WHERE s.origin = ANY($1::bigint[]) AND ((${stuckCondition(limits)}) OR (${OF_RUNNING})) ORDER BY s.slice_no LIMIT ${most}`,
    [origins],
  );
}

/** How many slices are stuck, of all shocks, without those that wait for a policy, or for such a one. */
export async function countStuckSlices(tx: Tx, limits: Limits): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT (SELECT count(*) FROM slices s WHERE ${stuckCondition(limits)}
         AND (${AWAITS_POLICY}) IS NOT TRUE AND (${AWAITS_OTHERS}) IS NOT TRUE)::int + (
       SELECT count(*) FROM fan_outs f JOIN slices s USING (origin, shock_revision, direction) WHERE f.state = 'running' AND ${GIVEN_UP})::int AS n`,
  );
  return row?.n ?? 0;
}

/** How many slices wait for a policy, of all shocks. */
export async function countAwaitingPolicy(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM slices s WHERE ${AWAITS_POLICY}`);
  return row?.n ?? 0;
}

/** Why a slice is stuck, for those who read the ledger. */
export function stuckReason(
  slice: Pick<StuckSlice, 'state' | 'attempts' | 'lastError' | 'awaitsPolicy' | 'awaitsOthers'>,
): {
  code: string;
  text: string;
} {
  const { state, attempts, lastError, awaitsPolicy, awaitsOthers } = slice;
  if (state === 'superseded')
    return {
      code: 'SLICE.GIVEN_UP',
      text: '这些乡镇没有经过研判就被放弃，不会自动重试；每日核对会列出漏掉的农户，请运维人员查明',
    };
  if (state === 'stored')
    return {
      code: 'SLICE.NOT_PUBLISHED',
      text: '已算完并存好，但消息还没有发出去，请检查消息系统是否可用；恢复后自动续发',
    };
  if (awaitsPolicy)
    return {
      code: 'SLICE.AWAITS_POLICY',
      text: '这次灾害或冲击的规则版本中没有当地研判所需的参数（如监测线），重试也不能完成；请设定后按新的规则版本重新研判',
    };
  if (awaitsOthers) return { code: 'SLICE.AWAITS_JUDGEMENT', text: '等待本次通报研判完成后再撤回' };
  if (lastError !== null)
    return { code: 'SLICE.FAILS', text: `已试${attempts}次仍未成功，正在自动重试；请运维人员查看最近一次的错误` };
  if (attempts > 1) return { code: 'SLICE.HOLDERS_DIE', text: `承担计算的进程已中断${attempts - 1}次，正在自动重试` };
  if (state === 'claimed') return { code: 'SLICE.RUNS_LONG', text: '正在计算，用时超过预期' };
  return { code: 'SLICE.WAITS_LONG', text: '排队等候计算，等候时间超过预期' };
}
