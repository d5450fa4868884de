/**
 * What is due in an area, in order: open cases and check items that still ask for a visit, and villages that owe an answer,
 * merged by their clocks.
 */
import { composeDerivedId, InvalidValue, toBeijingTime } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { page, readPage, type Caller, type CursorKey, type Page } from '@fangpin/service-kit';
import { caseStateOf, caseStates } from '../cases/case-states.js';
import { checkItemStateOf, checkItemStates } from '../check-items/check-item-states.js';
import { areaOf, type AreaQuery } from '../http/area.query.js';
import { readDueKey } from '../http/due-cursor.js';
import { regionOf, severityLabel } from '../http/show.js';
import { questionIdOf, type QuestionKey } from '../village-questions/question-id.js';
import { noticesOf, standing, type QuestionNotice } from '../village-questions/question-notices.js';
import { questionStateOf, questionStates } from '../village-questions/question-states.js';
import { questionText } from '../village-questions/question-text.js';
import type { WorklistItem } from './worklist.response.js';

interface WorkRow {
  kind: number;
  origin: number;
  /** Whom it is about: the household, or the village's duty code. */
  subject: number;
  duty_code: number;
  due_at: Date;
  severity: number;
  state: number;
  [column: string]: unknown;
}

const CASE = 1;
const ITEM = 2;
const QUESTION = 3;

// Each arm is limited by itself, so that none sorts more than a page into the merge.
const arm = (kind: number, table: string, origin: string, subject = 'household_id'): string => `
  (SELECT ${kind} AS kind, ${origin} AS origin, ${subject} AS subject, duty_code, due_at, severity, state FROM ${table}
    WHERE state < 100 AND duty_code >= $1 AND duty_code < $2 AND (due_at, ${subject}, ${origin}, ${kind}) > ($3, $4, $5, $6)
    ORDER BY due_at, ${subject}, ${origin} LIMIT $7)`;

const ARMS = [
  arm(CASE, 'cases', 'case_origin'),
  arm(ITEM, 'check_items', 'origin'),
  arm(QUESTION, 'village_questions', 'origin', 'duty_code'),
];

const WORKLIST = `SELECT * FROM (${ARMS.join(' UNION ALL ')}) AS work ORDER BY due_at, subject, origin, kind LIMIT $7`;

const BEGINNING = [new Date(0), 0, -1, 0] as const;

/** Refuses a region outside the caller's (403). */
export async function readWorklist(tx: Tx, query: AreaQuery, caller: Caller, now: Date): Promise<Page<WorklistItem>> {
  const { limit, after } = readPage(query);
  const { lo, hi } = areaOf(query, caller);
  const from = after === undefined ? BEGINNING : [...readDueKey(after, query.cursor), kindOf(after, query.cursor)];
  const rows = await tx.query<WorkRow>(WORKLIST, [lo, hi, ...from, limit + 1]);
  const { items, nextCursor } = page(rows, limit, (row) => [row.due_at.getTime(), row.subject, row.origin, row.kind]);
  const questions = items.filter(({ kind }) => kind === QUESTION);
  const noticesFor = await noticesOf(tx, questions.map(questionKey));
  const show = (row: WorkRow): WorklistItem =>
    row.kind === QUESTION ? showAsked(row, standing(noticesFor(questionKey(row))), now) : showVisit(row, now);
  return { items: items.map(show), nextCursor };
}

const questionKey = ({ origin, subject }: WorkRow): QuestionKey => ({ origin, dutyCode: subject });

function kindOf(after: CursorKey, cursor: string | undefined): number {
  const kind = after[3];
  if (typeof kind !== 'number') throw new InvalidValue('cursor', cursor, 'must be a cursor of this list');
  return kind;
}

function showVisit(row: WorkRow, now: Date): WorklistItem {
  const isCase = row.kind === CASE;
  const { origin, subject: householdId } = row;
  const state = isCase ? caseStateOf(row.state) : checkItemStateOf(row.state);
  const label = isCase ? caseStates[caseStateOf(row.state)].label : checkItemStates[checkItemStateOf(row.state)].label;
  return {
    kind: isCase ? 'case' : 'check-item',
    id: composeDerivedId({ origin, householdId }),
    householdId,
    ...showDue(row, now),
    state,
    stateLabel: label,
    text: null,
  };
}

function showAsked(row: WorkRow, notices: readonly QuestionNotice[], now: Date): WorklistItem {
  const state = questionStateOf(row.state);
  return {
    kind: 'village-question',
    id: questionIdOf(questionKey(row)),
    householdId: null,
    ...showDue(row, now),
    state,
    stateLabel: questionStates[state].label,
    text: questionText(notices),
  };
}

function showDue({ duty_code: dutyCode, severity, due_at: dueAt }: WorkRow, now: Date) {
  return {
    region: regionOf(dutyCode),
    severity,
    severityLabel: severityLabel(severity),
    dueAt: toBeijingTime(dueAt),
    overdue: dueAt < now,
  };
}
