/**
 * A short text that changes whenever the ledger of a shock may have changed: the states of its fan-outs and slices, the last answer, and the
 * withheld, whom a look changes without a slice: each of their rows by where and by whom it was written. Costs a few index reads where counting
 * the households costs their number.
 */
import type { Tx } from '@fangpin/persistence';

const MARK = `
  WITH own AS (SELECT origin FROM origins WHERE shock_id = $1)
  SELECT concat_ws('|',
    (SELECT string_agg(concat_ws(':', origin, shock_revision, state, plan_attempts, behind), ',' ORDER BY origin, shock_revision)
     FROM fan_outs WHERE origin IN (SELECT origin FROM own)),
    (SELECT string_agg(concat_ws(':', state, n, attempts, alerted, error), ',' ORDER BY state)
     FROM (SELECT state, count(*) AS n, sum(attempts) AS attempts, sum(alerted) AS alerted, max(last_error) AS error
           FROM slices WHERE origin IN (SELECT origin FROM own) GROUP BY state) AS s),
    (SELECT concat_ws(':', count(*), max(answer_no)) FROM triage_answers WHERE origin IN (SELECT origin FROM own)),
    (SELECT md5(string_agg(concat(ctid, xmin), ',' ORDER BY origin, shock_revision, duty_code))
     FROM withheld WHERE origin IN (SELECT origin FROM own))) AS mark`;

/** Under the scope of the transaction, as the ledger itself; empty for a shock that opened no fan-out. */
export async function ledgerMark(tx: Tx, shockId: string): Promise<string> {
  const [row] = await tx.query<{ mark: string }>(MARK, [shockId]);
  return row?.mark ?? '';
}
