/** Cases of an area, what is due first ahead. */
import type { Tx } from '@fangpin/persistence';
import { page, readPage, type Caller, type Page } from '@fangpin/service-kit';
import { areaOf } from '../../http/area.query.js';
import { Conditions } from '../../http/conditions.js';
import { dueKey, readDueKey } from '../../http/due-cursor.js';
import { dueBefore } from '../../http/due-filter.js';
import { caseStates, FIRST_ENDED_CODE } from '../case-states.js';
import type { CaseQuery } from '../dto/case.query.js';
import type { CaseSummary } from '../dto/case.response.js';
import { CASE_COLUMNS, showCase, type CaseRow } from './case-row.js';
import { standingTitles } from './standing-titles.js';

/** Refuses a region outside the caller's (403) and filters that cannot be read (400). */
export async function listCases(tx: Tx, query: CaseQuery, caller: Caller, now: Date): Promise<Page<CaseSummary>> {
  const { limit, after } = readPage(query);
  const where = conditionsOf(query, caller, now);
  if (after !== undefined)
    where.add('(c.due_at, c.household_id, c.case_origin) > (?, ?, ?)', ...readDueKey(after, query.cursor));
  const rows = await tx.query<CaseRow>(
    `SELECT ${CASE_COLUMNS} FROM cases c JOIN triage_refs t ON t.origin = c.case_origin WHERE ${where}
      ORDER BY c.due_at, c.household_id, c.case_origin LIMIT ${where.bind(limit + 1)}`,
    where.values,
  );
  const { items, nextCursor } = page(rows, limit, dueKey);
  const titles = await standingTitles(tx, items);
  return { items: items.map((row) => showCase(row, now, titles.get(row))), nextCursor };
}

function conditionsOf(query: CaseQuery, caller: Caller, now: Date): Conditions {
  const { lo, hi } = areaOf(query, caller);
  const where = new Conditions().add('c.duty_code >= ? AND c.duty_code < ?', lo, hi);
  if (query.state !== undefined) where.add('c.state = ?', caseStates[query.state].code);
  if (query.due !== undefined)
    where.add('c.due_at < ? AND c.state < ? AND c.household_left IS NULL', dueBefore(query.due, now), FIRST_ENDED_CODE);
  if (query.shockId !== undefined) {
    const shock = where.bind(query.shockId);
    where.add(
      `(t.shock_id = ${shock} OR (c.case_origin, c.household_id) IN (
          SELECT a.case_origin, a.household_id FROM case_alerts a JOIN triage_refs r ON r.origin = a.origin
           WHERE r.shock_id = ${shock}))`,
    );
  }
  return where;
}
