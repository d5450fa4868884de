/** One question with its answer, the corrections, and until when it may be corrected. */
import { NotFound, regionOfDuty, toBeijingTime } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import type { GivenAnswerResponse, QuestionDetailResponse } from './dto/question.response.js';
import { correctableUntil } from './question-due.js';
import { parseQuestionId, type QuestionKey } from './question-id.js';
import { noticesOf } from './question-notices.js';
import { QUESTION_COLUMNS, showFigures, showQuestion, type QuestionRow } from './show-question.js';

interface LogRow {
  answered_at: Date;
  hit: boolean;
  crop_hit_centimu: number | null;
  crop_lost_centimu: number | null;
  houses_collapsed: number | null;
  houses_damaged: number | null;
  products: number[];
  note: string | null;
  actor: string;
  actor_role: string;
  [column: string]: unknown;
}

/** A question outside the caller's area is not found (404); a text that is no id is refused (400). */
export async function readQuestion(
  tx: Tx,
  id: string,
  policy: PolicySet,
  now: Date,
): Promise<QuestionDetailResponse & { readonly revision: number }> {
  const key = parseQuestionId(id);
  const [row] = await tx.query<QuestionRow>(
    `SELECT ${QUESTION_COLUMNS} FROM village_questions q WHERE q.origin = $1 AND q.duty_code = $2`,
    [key.origin, key.dutyCode],
  );
  if (row === undefined) throw new NotFound('village question', id);
  const noticesFor = await noticesOf(tx, [key]);
  const village = regionOfDuty(key.dutyCode, 'village');
  const until =
    row.first_answered_at === null ? null : toBeijingTime(correctableUntil(policy, village, row.first_answered_at));
  const shown = showQuestion(row, noticesFor(key), now);
  return { ...shown, correctableUntil: until, answers: await readAnswers(tx, key), revision: row.revision };
}

async function readAnswers(tx: Tx, { origin, dutyCode }: QuestionKey): Promise<GivenAnswerResponse[]> {
  const rows = await tx.query<LogRow>(
    `SELECT answered_at, hit, crop_hit_centimu, crop_lost_centimu, houses_collapsed, houses_damaged, products, note, actor, actor_role
       FROM village_answer_log WHERE origin = $1 AND duty_code = $2 ORDER BY revision`,
    [origin, dutyCode],
  );
  return rows.map((row) => ({
    answeredAt: toBeijingTime(row.answered_at),
    hit: row.hit,
    ...showFigures({
      cropHitCentimu: row.crop_hit_centimu,
      cropLostCentimu: row.crop_lost_centimu,
      housesCollapsed: row.houses_collapsed,
      housesDamaged: row.houses_damaged,
      products: row.products,
    }),
    note: row.note,
    actor: row.actor,
    actorRole: row.actor_role,
  }));
}
