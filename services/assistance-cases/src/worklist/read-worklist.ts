/**
 * What is due in an area, in order: households that are to be seen, each once for all that is asked of it, and villages that
 * owe an answer, merged by their clocks.
 */
import { InvalidValue, type DutyRange } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { page, readPage, type Caller, type CursorKey, type Page } from '@fangpin/service-kit';
import { areaOf, type AreaQuery } from '../http/area.query.js';
import { readDueKey } from '../http/due-cursor.js';
import { questionIdOf } from '../village-questions/question-id.js';
import { noticesOf, standing } from '../village-questions/question-notices.js';
import { questionStateOf, questionStates } from '../village-questions/question-states.js';
import { questionText } from '../village-questions/question-text.js';
import { DUE_BY_HOUSEHOLD, openAsksOf } from '../visits/open-asks.js';
import { showDue, showVisit } from './show-visit.js';
import type { WorklistItem } from './worklist.response.js';

interface WorkRow {
  kind: number;
  /** Of the question; 0 for a household, which is here once. */
  origin: number;
  /** Whom it is about: the household, or the village's duty code. */
  subject: number;
  due_at: Date;
  /** This and the state are read of questions only. */
  severity: number;
  state: number;
  [column: string]: unknown;
}

const VISIT = 1;
const QUESTION = 3;

// Each arm is limited by itself, so that none sorts more than a page into the merge.
const arm = (kind: number, columns: string, from: string): string => `
  (SELECT ${kind} AS kind, ${columns} FROM ${from}
    WHERE (due_at, subject, origin, ${kind}) > ($3, $4, $5, $6) ORDER BY due_at, subject, origin LIMIT $7)`;

const VISITS = `(SELECT 0::bigint AS origin, due.* FROM (${DUE_BY_HOUSEHOLD}) AS due) AS visits`;
const QUESTIONS = `
  (SELECT origin, duty_code AS subject, due_at, severity, state FROM village_questions
    WHERE state < 100 AND duty_code >= $1 AND duty_code < $2) AS questions`;

const WORKLIST = `
  SELECT * FROM (
    ${arm(VISIT, 'origin, subject, due_at, 0 AS severity, 0 AS state', VISITS)} UNION ALL
    ${arm(QUESTION, 'origin, subject, due_at, severity, state', QUESTIONS)}) AS work
   ORDER BY due_at, subject, origin, kind LIMIT $7`;

const BEGINNING = [new Date(0), 0, -1, 0] as const;

/** Refuses a region outside the caller's (403) and the cursor of another list (400). */
export async function readWorklist(tx: Tx, query: AreaQuery, caller: Caller, now: Date): Promise<Page<WorklistItem>> {
  const { limit, after } = readPage(query);
  const area = areaOf(query, caller);
  const from = after === undefined ? BEGINNING : [...readDueKey(after, query.cursor), kindOf(after, query.cursor)];
  const rows = await tx.query<WorkRow>(WORKLIST, [area.lo, area.hi, ...from, limit + 1]);
  const { items, nextCursor } = page(rows, limit, (row) => [row.due_at.getTime(), row.subject, row.origin, row.kind]);
  const show = await reader(tx, items, area, now);
  return { items: items.flatMap((row) => show(row) ?? []), nextCursor };
}

/** Reads what the page's entries say, a statement for each of their two sorts. */
async function reader(
  tx: Tx,
  rows: readonly WorkRow[],
  area: DutyRange,
  now: Date,
): Promise<(row: WorkRow) => WorklistItem | undefined> {
  const ofKind = (kind: number): WorkRow[] => rows.filter((row) => row.kind === kind);
  const households = ofKind(VISIT).map(({ subject }) => subject);
  const asksOf = await openAsksOf(tx, households, area);
  const noticesFor = await noticesOf(tx, ofKind(QUESTION).map(keyOf));
  return (row) => {
    // Nothing where somebody has answered for the household between the two statements.
    if (row.kind === VISIT) return showVisit(asksOf(row.subject), row.due_at, now);
    const state = questionStateOf(row.state);
    return {
      kind: 'village-question',
      id: questionIdOf(keyOf(row)),
      householdId: null,
      ...showDue({ ...row, duty_code: row.subject }, now),
      state,
      stateLabel: questionStates[state].label,
      text: questionText(standing(noticesFor(keyOf(row)))),
      householdLeft: null,
      causes: [],
      asks: [],
    };
  };
}

const keyOf = ({ origin, subject }: WorkRow) => ({ origin, dutyCode: subject });

function kindOf(after: CursorKey, cursor: string | undefined): number {
  const kind = after[3];
  if (typeof kind !== 'number') throw new InvalidValue('cursor', cursor, 'must be a cursor of this list');
  return kind;
}
