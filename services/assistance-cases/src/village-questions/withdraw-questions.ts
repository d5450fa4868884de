/** Takes a notice or report back from villages: what is unanswered is no longer asked, unless another one asks the same. */
import { packRevision } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { epochOf } from '@fangpin/service-kit';
import { questionStates } from './question-states.js';

// An answer that is on its way is waited for, so that an answered question is never withdrawn.
const LOCK = `
  SELECT q.duty_code FROM question_notices n JOIN village_questions q ON q.origin = n.origin AND q.duty_code = n.duty_code
   WHERE n.shock_id = $1 AND n.duty_code <> ALL($2::bigint[]) AND n.withdrawn_at IS NULL AND q.state < 100
   ORDER BY q.duty_code FOR UPDATE OF q`;

const WITHDRAW = `
  WITH gone AS (
    UPDATE question_notices n SET withdrawn_at = $3::timestamptz
      FROM village_questions q
     WHERE n.shock_id = $1 AND n.duty_code <> ALL($2::bigint[]) AND n.withdrawn_at IS NULL
       AND q.origin = n.origin AND q.duty_code = n.duty_code AND q.state < 100
    RETURNING n.origin, n.duty_code)
  UPDATE village_questions q SET state = ${questionStates.withdrawn.code}, revision = greatest(q.revision, $4::bigint - 1) + 1
    FROM gone
   WHERE q.origin = gone.origin AND q.duty_code = gone.duty_code
     AND NOT EXISTS (SELECT FROM question_notices other
                      WHERE other.origin = q.origin AND other.duty_code = q.duty_code AND other.withdrawn_at IS NULL
                        AND other.shock_id <> $1)`;

/** Of all rounds; `keeping`: villages (duty codes) that are asked on. Answers how many questions nobody has to answer any more. */
export async function withdrawQuestions(
  tx: Tx,
  shockId: string,
  at: Date,
  keeping: readonly number[] = [],
): Promise<number> {
  await tx.query(LOCK, [shockId, keeping]);
  const first = packRevision({ epoch: await epochOf(tx), version: 1 });
  return tx.execute(WITHDRAW, [shockId, keeping, at, first]);
}
