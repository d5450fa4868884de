/** What is due in an area, in order: open cases and check items that still ask for a visit, merged by their clocks. */
import { composeDerivedId, InvalidValue, toBeijingTime } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { page, readPage, type Caller, type CursorKey, type Page } from '@fangpin/service-kit';
import { caseStateOf, caseStates } from '../cases/case-states.js';
import { checkItemStateOf, checkItemStates } from '../check-items/check-item-states.js';
import { areaOf, type AreaQuery } from '../http/area.query.js';
import { readDueKey } from '../http/due-cursor.js';
import { regionOf, severityLabel } from '../http/show.js';
import type { WorklistItem } from './worklist.response.js';

interface WorkRow {
  kind: number;
  origin: number;
  household_id: number;
  duty_code: number;
  due_at: Date;
  severity: number;
  state: number;
  [column: string]: unknown;
}

const CASE = 1;
const ITEM = 2;

// Each arm is limited by itself, so that neither sorts more than a page into the merge.
const arm = (kind: number, table: string, origin: string): string => `
  (SELECT ${kind} AS kind, ${origin} AS origin, household_id, duty_code, due_at, severity, state FROM ${table}
    WHERE state < 100 AND duty_code >= $1 AND duty_code < $2 AND (due_at, household_id, ${origin}, ${kind}) > ($3, $4, $5, $6)
    ORDER BY due_at, household_id, ${origin} LIMIT $7)`;

const WORKLIST = `
  SELECT * FROM (${arm(CASE, 'cases', 'case_origin')} UNION ALL ${arm(ITEM, 'check_items', 'origin')}) AS work
   ORDER BY due_at, household_id, origin, kind LIMIT $7`;

const BEGINNING = [new Date(0), 0, -1, 0] as const;

/** Refuses a region outside the caller's (403). */
export async function readWorklist(tx: Tx, query: AreaQuery, caller: Caller, now: Date): Promise<Page<WorklistItem>> {
  const { limit, after } = readPage(query);
  const { lo, hi } = areaOf(query, caller);
  const from = after === undefined ? BEGINNING : [...readDueKey(after, query.cursor), kindOf(after, query.cursor)];
  const rows = await tx.query<WorkRow>(WORKLIST, [lo, hi, ...from, limit + 1]);
  const { items, nextCursor } = page(rows, limit, (row) => [
    row.due_at.getTime(),
    row.household_id,
    row.origin,
    row.kind,
  ]);
  return { items: items.map((row) => showWork(row, now)), nextCursor };
}

function kindOf(after: CursorKey, cursor: string | undefined): number {
  const kind = after[3];
  if (typeof kind !== 'number') throw new InvalidValue('cursor', cursor, 'must be a cursor of this list');
  return kind;
}

function showWork(row: WorkRow, now: Date): WorklistItem {
  const isCase = row.kind === CASE;
  const state = isCase ? caseStateOf(row.state) : checkItemStateOf(row.state);
  const label = isCase ? caseStates[caseStateOf(row.state)].label : checkItemStates[checkItemStateOf(row.state)].label;
  return {
    kind: isCase ? 'case' : 'check-item',
    id: composeDerivedId({ origin: row.origin, householdId: row.household_id }),
    householdId: row.household_id,
    region: regionOf(row.duty_code),
    severity: row.severity,
    severityLabel: severityLabel(row.severity),
    state,
    stateLabel: label,
    dueAt: toBeijingTime(row.due_at),
    overdue: row.due_at < now,
  };
}
