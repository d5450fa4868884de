/** How far the villages of an area have answered, by township. */
import { regionOfDuty } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { Caller } from '@fangpin/service-kit';
import { regionName } from '@fangpin/regions';
import { areaOf } from '../http/area.query.js';
import { Conditions } from '../http/conditions.js';
import type { QuestionSummaryQuery } from './dto/question.query.js';
import type { QuestionSummaryResponse, TownshipSummary } from './dto/question.response.js';
import { FIRST_SETTLED_CODE, questionStates } from './question-states.js';

const DUTY_CODES_A_TOWNSHIP = 1_000_000;

interface SummaryRow {
  township: number;
  asked: number;
  hit: number;
  not_hit: number;
  open: number;
  overdue: number;
  [column: string]: unknown;
}

/**
 * Withdrawn questions are not counted: asked = hit + notHit + open, and open holds overdue. A notice that asked a second
 * time (it opened again and ended again) counts a village by the last answer or question. Refuses a region outside the caller's (403).
 */
export async function summarizeQuestions(
  tx: Tx,
  query: QuestionSummaryQuery,
  caller: Caller,
  now: Date,
): Promise<QuestionSummaryResponse> {
  const { lo, hi } = areaOf(query, caller);
  const where = new Conditions().add('q.duty_code >= ? AND q.duty_code < ?', lo, hi);
  where.add('q.state <> ?', questionStates.withdrawn.code);
  if (query.shockId !== undefined)
    where.add(
      `EXISTS (SELECT FROM question_notices n
                WHERE n.shock_id = ? AND n.duty_code = q.duty_code AND n.origin = q.origin AND n.withdrawn_at IS NULL
                  AND NOT EXISTS (SELECT FROM question_notices later
                                   WHERE later.shock_id = n.shock_id AND later.duty_code = n.duty_code AND later.round > n.round))`,
      query.shockId,
    );
  const count = (condition: string): string => `count(*) FILTER (WHERE ${condition})::int`;
  const rows = await tx.query<SummaryRow>(
    `SELECT q.duty_code / ${DUTY_CODES_A_TOWNSHIP} AS township, count(*)::int AS asked,
            ${count(`q.state = ${questionStates.hit.code}`)} AS hit,
            ${count(`q.state = ${questionStates['not-hit'].code}`)} AS not_hit,
            ${count(`q.state < ${FIRST_SETTLED_CODE}`)} AS open,
            ${count(`q.state < ${FIRST_SETTLED_CODE} AND q.due_at < ${where.bind(now)}`)} AS overdue
       FROM village_questions q WHERE ${where} GROUP BY township ORDER BY township`,
    where.values,
  );
  const townships = rows.map(showTownship);
  const total = (of: 'asked' | 'hit' | 'notHit' | 'open' | 'overdue'): number =>
    townships.reduce((sum, township) => sum + township[of], 0);
  return {
    townships,
    asked: total('asked'),
    hit: total('hit'),
    notHit: total('notHit'),
    open: total('open'),
    overdue: total('overdue'),
  };
}

function showTownship(row: SummaryRow): TownshipSummary {
  const region = regionOfDuty(Number(row.township) * DUTY_CODES_A_TOWNSHIP, 'township');
  const { asked, hit, not_hit: notHit, open, overdue } = row;
  return { region, name: regionName(region) ?? null, asked, hit, notHit, open, overdue };
}
