/** Puts a question to villages, set by set: a county has some hundred of them, a province fifteen thousand. */
import { packRevision } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { epochOf } from '@fangpin/service-kit';
import { questionStates } from './question-states.js';

export interface Asking {
  readonly shockId: string;
  readonly round: number;
  readonly origin: number;
  readonly level: number;
  readonly at: Date;
  /** Of a report: what it has asked before stands, answered or not, and only who is new to it is asked. */
  readonly onlyNew: boolean;
  /** Shocks of the same event: the reports of a notice, or the notice of a report. */
  readonly sameEvent: readonly string[];
}

/** Villages with the moment until which each has to answer. */
export interface AskedVillages {
  readonly duty: readonly number[];
  readonly dueAt: readonly Date[];
}

/**
 * A village that owes an answer already is not asked a second time: the notice (or report) joins the open question, whose due time
 * stays. One that has answered 受灾 to this notice in an earlier round, or to another shock of the same event, is not asked whether it was hit: what else it lost goes
 * by correction or report. The clash on the index of open questions does it, also against an answer that is given at the same moment.
 */
const ASK = `
  WITH village AS (
    SELECT v.duty_code, v.due_at FROM unnest($1::bigint[], $2::timestamptz[]) AS v (duty_code, due_at)
     WHERE NOT EXISTS (SELECT FROM question_notices n
                         JOIN village_questions q ON q.origin = n.origin AND q.duty_code = n.duty_code
                        WHERE n.shock_id = ANY($10::uuid[]) AND n.duty_code = v.duty_code
                         AND (q.state = ${questionStates.hit.code}
                              OR n.shock_id = $3::uuid AND (n.round = $4::smallint OR $9 AND n.withdrawn_at IS NULL)))
     ORDER BY v.duty_code),
  asked AS (
    INSERT INTO village_questions AS q (origin, duty_code, revision, asked_at, due_at, severity, state)
    SELECT $5::bigint, duty_code, $6::bigint, $7::timestamptz, due_at, $8::smallint, ${questionStates.open.code} FROM village
    ON CONFLICT (duty_code) WHERE state < 100
       DO UPDATE SET revision = greatest(q.revision, $6::bigint - 1) + 1, severity = greatest(q.severity, excluded.severity)
    RETURNING q.origin, q.duty_code)
  INSERT INTO question_notices (shock_id, duty_code, round, origin, revision, attached_at)
  SELECT $3::uuid, a.duty_code, $4::smallint, a.origin,
         coalesce((SELECT max(n.revision) FROM question_notices n WHERE n.shock_id = $3::uuid AND n.duty_code = a.duty_code), 0),
         $7::timestamptz
    FROM asked a`;

/** Answers how many villages were asked or had the notice joined to their open question. */
export async function askVillages(tx: Tx, asking: Asking, { duty, dueAt }: AskedVillages): Promise<number> {
  const first = packRevision({ epoch: await epochOf(tx), version: 1 });
  return tx.execute(ASK, [
    duty,
    dueAt,
    asking.shockId,
    asking.round,
    asking.origin,
    first,
    asking.at,
    asking.level,
    asking.onlyNew,
    [asking.shockId, ...asking.sameEvent],
  ]);
}
