/** Writes answers down, one or a thousand: the questions, their log, and what each notice asked about is told. */
import { create } from '@bufbuild/protobuf';
import { topics, VillageAnswerSchema, VillageAnswerState } from '@fangpin/contracts';
import { packRevision, regionOfDuty } from '@fangpin/domain-kit';
import { encodeEvent, type Outbox, type OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { currentTraceparent, epochOf, type Caller } from '@fangpin/service-kit';
import type { VillageReply } from './answer.rules.js';
import type { QuestionKey } from './question-id.js';
import { questionStates } from './question-states.js';

export interface Settling {
  readonly reply: VillageReply;
  readonly note: string | undefined;
  readonly at: Date;
  readonly caller: Pick<Caller, 'subject' | 'role'>;
}

const SETTLE = `
  WITH settled AS (
    UPDATE village_questions q
       SET state = $3::smallint, revision = greatest(q.revision, $4::bigint - 1) + 1, answered_at = $5,
           first_answered_at = coalesce(q.first_answered_at, $5), crop_hit_centimu = $6, crop_lost_centimu = $7,
           houses_collapsed = $8, houses_damaged = $9, products = $10
      FROM unnest($1::bigint[], $2::bigint[]) AS k (origin, duty_code)
     WHERE q.origin = k.origin AND q.duty_code = k.duty_code
    RETURNING q.origin, q.duty_code, q.revision)
  INSERT INTO village_answer_log (origin, duty_code, revision, answered_at, hit, crop_hit_centimu, crop_lost_centimu,
                                  houses_collapsed, houses_damaged, products, note, actor, actor_role)
  SELECT origin, duty_code, revision, $5::timestamptz, $11::boolean, $6::bigint, $7::bigint, $8::integer, $9::integer,
         $10::smallint[], $12::text, $13::text, $14::text FROM settled
  RETURNING duty_code, revision`;

// Of several notices the gravest stands for what happened, the earliest of equals; a report, which says what did happen, before all notices. A notice that opened again and asks in a
// later round is not told what was answered to the earlier one.
const SAY = `
  WITH about AS (
    SELECT n.shock_id, n.duty_code, n.round, max(n.round) OVER of_notice AS last_round, max(n.revision) OVER of_notice AS said,
           CASE WHEN n.withdrawn_at IS NULL AND n.origin = k.origin THEN first_value(n.shock_id) OVER of_question END AS principal
      FROM unnest($1::bigint[], $2::bigint[]) AS k (origin, duty_code)
      JOIN question_notices asked ON asked.origin = k.origin AND asked.duty_code = k.duty_code
      JOIN question_notices n ON n.shock_id = asked.shock_id AND n.duty_code = asked.duty_code
      JOIN heard_shocks h ON h.shock_id = n.shock_id
    WINDOW of_notice AS (PARTITION BY n.shock_id, n.duty_code),
           of_question AS (PARTITION BY k.origin, k.duty_code
                           ORDER BY n.withdrawn_at IS NOT NULL, n.origin <> k.origin, h.asked_area = '', h.level DESC, h.onset, n.shock_id))
  UPDATE question_notices n SET revision = greatest(a.said, $3::bigint - 1) + 1
    FROM about a
   WHERE n.shock_id = a.shock_id AND n.duty_code = a.duty_code AND n.round = a.round
     AND a.principal IS NOT NULL AND a.round = a.last_round
  RETURNING n.shock_id, n.duty_code, n.revision, a.principal`;

/** The questions are locked by the caller. Answers their new revisions by village. */
export async function settleQuestions(
  tx: Tx,
  outbox: Outbox,
  questions: readonly QuestionKey[],
  { reply, note, at, caller }: Settling,
): Promise<Map<number, number>> {
  const keys = [questions.map(({ origin }) => origin), questions.map(({ dutyCode }) => dutyCode)];
  const first = packRevision({ epoch: await epochOf(tx), version: 1 });
  const settled = await tx.query<{ duty_code: number; revision: number }>(SETTLE, [
    ...keys,
    questionStates[reply.hit ? 'hit' : 'not-hit'].code,
    first,
    at,
    reply.cropHitCentimu,
    reply.cropLostCentimu,
    reply.housesCollapsed,
    reply.housesDamaged,
    reply.products,
    reply.hit,
    note ?? null,
    caller.subject,
    caller.role,
  ]);
  const said = await tx.query<SaidRow>(SAY, [...keys, first]);
  await outbox.add(
    tx,
    topics.villageAnswer,
    said.map((row) => messageOf(row, reply, at)),
  );
  return new Map(settled.map((row) => [row.duty_code, row.revision]));
}

interface SaidRow {
  shock_id: string;
  duty_code: number;
  revision: number;
  principal: string;
  [column: string]: unknown;
}

function messageOf(row: SaidRow, reply: VillageReply, at: Date): OutgoingMessage {
  const village = regionOfDuty(row.duty_code, 'village');
  const event = create(VillageAnswerSchema, {
    shockId: row.shock_id,
    village,
    revision: BigInt(row.revision),
    state: reply.hit ? VillageAnswerState.HIT : VillageAnswerState.NOT_HIT,
    answeredMs: BigInt(at.getTime()),
    cropHitCentimu: BigInt(reply.cropHitCentimu ?? 0),
    cropLostCentimu: BigInt(reply.cropLostCentimu ?? 0),
    housesCollapsed: reply.housesCollapsed ?? 0,
    housesDamaged: reply.housesDamaged ?? 0,
    products: [...reply.products],
    principalShockId: row.principal,
  });
  const traceparent = currentTraceparent();
  return encodeEvent(topics.villageAnswer, event, {
    key: `${village}/${row.shock_id}`,
    at,
    ...(traceparent === undefined ? {} : { traceparent }),
  });
}
