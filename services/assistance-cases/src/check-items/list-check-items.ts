/** Check items of an area, what is due first ahead, each with what else the same visit is to answer. */
import { composeDerivedId, dutyRange, toBeijingTime } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { page, readPage, type Caller, type Page } from '@fangpin/service-kit';
import { areaOf } from '../http/area.query.js';
import { Conditions } from '../http/conditions.js';
import { dueKey, readDueKey } from '../http/due-cursor.js';
import { findingIdOf, regionOf, severityLabel } from '../http/show.js';
import { checkIsUnderWay, openAsksOf, type HouseholdAsks } from '../visits/open-asks.js';
import { checkItemStateOf, checkItemStates, isOpenItem } from './check-item-states.js';
import type { CheckItemQuery } from './dto/check-item.query.js';
import type { CheckItemResponse } from './dto/check-item.response.js';

interface ItemRow {
  origin: number;
  household_id: number;
  duty_code: number;
  listed_at: Date;
  due_at: Date;
  flagged_at: Date | null;
  remembered_origin: number | null;
  persons: number;
  severity: number;
  state: number;
  shock_id: string;
  shock_kind: string;
  cause: string;
  [column: string]: unknown;
}

/** Refuses a region outside the caller's (403) and filters that cannot be read (400). */
export async function listCheckItemsOf(
  tx: Tx,
  query: CheckItemQuery,
  caller: Caller,
  now: Date,
): Promise<Page<CheckItemResponse>> {
  const { limit, after } = readPage(query);
  const { lo, hi } = areaOf(query, caller);
  const where = new Conditions().add('i.duty_code >= ? AND i.duty_code < ?', lo, hi);
  if (query.state !== undefined) where.add('i.state = ?', checkItemStates[query.state].code);
  if (query.shockId !== undefined) where.add('t.shock_id = ?', query.shockId);
  if (query.householdId !== undefined) where.add('i.household_id = ?', Number(query.householdId));
  if (after !== undefined)
    where.add('(i.due_at, i.household_id, i.origin) > (?, ?, ?)', ...readDueKey(after, query.cursor));
  const rows = await tx.query<ItemRow>(
    `SELECT i.origin, i.household_id, i.duty_code, i.listed_at, i.due_at, i.flagged_at, i.remembered_origin, i.persons,
            i.severity, i.state, t.shock_id, t.shock_kind, t.cause
       FROM check_items i JOIN triage_refs t ON t.origin = i.origin WHERE ${where}
      ORDER BY i.due_at, i.household_id, i.origin LIMIT ${where.bind(limit + 1)}`,
    where.values,
  );
  const { items, nextCursor } = page(rows, limit, dueKey);
  const households = [...new Set(items.map((row) => row.household_id))];
  const asksOf = await openAsksOf(tx, households, dutyRange(caller.region));
  return { items: items.map((row) => showItem(row, asksOf(row.household_id), now)), nextCursor };
}

function showItem(row: ItemRow, { openCase, items }: HouseholdAsks, now: Date): CheckItemResponse {
  const state = checkItemStateOf(row.state);
  const { household_id: householdId, remembered_origin: remembered } = row;
  const idOf = (origin: number): string => composeDerivedId({ origin, householdId });
  const isOpen = isOpenItem(row.state);
  return {
    id: idOf(row.origin),
    householdId,
    region: regionOf(row.duty_code),
    persons: row.persons,
    severity: row.severity,
    severityLabel: severityLabel(row.severity),
    state,
    stateLabel: checkItemStates[state].label,
    shockId: row.shock_id,
    findingId: findingIdOf(row),
    cause: row.cause,
    listedAt: toBeijingTime(row.listed_at),
    dueAt: toBeijingTime(row.due_at),
    overdue: isOpen && row.due_at < now && !(openCase !== undefined && checkIsUnderWay(openCase.state)),
    flaggedAt: row.flagged_at === null ? null : toBeijingTime(row.flagged_at),
    rememberedFrom: remembered === null ? null : idOf(remembered),
    sameVisit: items.filter(({ origin }) => origin !== row.origin).map(({ origin }) => idOf(origin)),
    joinedCase: isOpen && openCase !== undefined ? idOf(openCase.origin) : null,
  };
}
