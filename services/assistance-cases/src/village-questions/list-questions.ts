/** Questions of an area, what is due first ahead. */
import { InvalidValue } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { page, readPage, type Caller, type CursorKey, type Page } from '@fangpin/service-kit';
import { areaOf } from '../http/area.query.js';
import { Conditions } from '../http/conditions.js';
import type { QuestionQuery } from './dto/question.query.js';
import type { QuestionResponse } from './dto/question.response.js';
import { noticesOf } from './question-notices.js';
import { FIRST_SETTLED_CODE, questionStates } from './question-states.js';
import { QUESTION_COLUMNS, showQuestion, type QuestionRow } from './show-question.js';

/** Refuses a region outside the caller's (403) and filters that cannot be read (400). */
export async function listQuestions(
  tx: Tx,
  query: QuestionQuery,
  caller: Caller,
  now: Date,
): Promise<Page<QuestionResponse>> {
  const { limit, after } = readPage(query);
  const { lo, hi } = areaOf(query, caller);
  const where = new Conditions().add('q.duty_code >= ? AND q.duty_code < ?', lo, hi);
  if (query.state === 'answered')
    where.add('q.state IN (?, ?)', questionStates.hit.code, questionStates['not-hit'].code);
  else if (query.state === 'withdrawn') where.add('q.state = ?', questionStates.withdrawn.code);
  else if (query.state !== undefined) where.add('q.state < ?', FIRST_SETTLED_CODE);
  if (query.state === 'overdue') where.add('q.due_at < ?', now);
  if (query.shockId !== undefined)
    where.add(
      `EXISTS (SELECT FROM question_notices n
                WHERE n.shock_id = ? AND n.duty_code = q.duty_code AND n.origin = q.origin)`,
      query.shockId,
    );
  if (after !== undefined) where.add('(q.due_at, q.duty_code, q.origin) > (?, ?, ?)', ...readKey(after, query.cursor));
  const rows = await tx.query<QuestionRow>(
    `SELECT ${QUESTION_COLUMNS} FROM village_questions q WHERE ${where}
      ORDER BY q.due_at, q.duty_code, q.origin LIMIT ${where.bind(limit + 1)}`,
    where.values,
  );
  const { items, nextCursor } = page(rows, limit, (row) => [row.due_at.getTime(), row.duty_code, row.origin]);
  const noticesFor = await noticesOf(
    tx,
    items.map(({ origin, duty_code: dutyCode }) => ({ origin, dutyCode })),
  );
  const shown = items.map((row) => showQuestion(row, noticesFor({ origin: row.origin, dutyCode: row.duty_code }), now));
  return { items: shown, nextCursor };
}

function readKey([due, duty, origin]: CursorKey, cursor: string | undefined): [Date, number, number] {
  if (typeof due !== 'number' || typeof duty !== 'number' || typeof origin !== 'number')
    throw new InvalidValue('cursor', cursor, 'must be a cursor of this list');
  return [new Date(due), duty, origin];
}
