/** Rows of findings_failing: findings that could not be judged again, each alone. */
import type { Tx } from '@fangpin/persistence';
import { describeError } from '@fangpin/service-kit';

/** The first wait (seconds) doubles with each failure … */
const FIRST_WAIT = 30;
/** … up to an hour: a new version of this service may be able to, or policy may come. */
const LONGEST_WAIT = 3_600;
/** Doubling so often is longer than the longest wait. */
const DOUBLINGS = 10;

/** Condition on a finding `f`: it did not fail, or has been judged since. */
export const DID_NOT_FAIL = 'NOT EXISTS (SELECT FROM findings_failing failing WHERE failing.finding_id = f.finding_id)';
/** Condition on a finding `f`: it failed, and it is time to try again. */
export const FAILED_BEFORE = `EXISTS (SELECT FROM findings_failing failing
  WHERE failing.finding_id = f.finding_id AND failing.judge_after < clock_timestamp())`;

/** Puts a finding off that could not be judged; it stays as it was. */
export async function putOffFinding(tx: Tx, findingId: string, error: unknown): Promise<void> {
  const { kind = 'Error', message } = describeError(error);
  await tx.execute(
    `INSERT INTO findings_failing AS failing (finding_id, judge_after, error)
     VALUES ($1, clock_timestamp() + make_interval(secs => ${FIRST_WAIT}), $2)
     ON CONFLICT (finding_id) DO UPDATE SET attempts = failing.attempts + 1, error = excluded.error,
       judge_after = clock_timestamp()
         + make_interval(secs => least(${LONGEST_WAIT}, ${FIRST_WAIT} * power(2, least(failing.attempts, ${DOUBLINGS}))))`,
    [findingId, `${String(kind)}: ${String(message)}`.slice(0, 500)],
  );
}

/** After they were judged, or need not be any more. */
export async function failNoLonger(tx: Tx, findingIds: readonly string[]): Promise<void> {
  await tx.execute('DELETE FROM findings_failing WHERE finding_id = ANY($1::uuid[])', [findingIds]);
}

/** Forgets those that need not be judged again by now: a later revision of them was, for good. */
export async function forgetJudged(tx: Tx): Promise<void> {
  await tx.execute(
    `DELETE FROM findings_failing failing USING findings f
     WHERE f.finding_id = failing.finding_id AND f.reason IS NULL AND f.income_awaited_until IS NULL`,
  );
}

export async function countFailingFindings(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM findings_failing');
  return row?.n ?? 0;
}
