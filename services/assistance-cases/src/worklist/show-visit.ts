/** A household in the worklist: one entry, whatever number of alerts stands behind it. */
import { composeDerivedId, toBeijingTime } from '@fangpin/domain-kit';
import { caseStateOf, caseStates } from '../cases/case-states.js';
import { checkItemStateOf, checkItemStates } from '../check-items/check-item-states.js';
import { findingIdOf, regionOf, severityLabel } from '../http/show.js';
import { leavingOf } from '../register/left-states.js';
import type { HouseholdAsks, OpenAsk } from '../visits/open-asks.js';
import type { VisitAsk, WorklistItem } from './worklist.response.js';

/** Nothing where nothing is asked any more. The entry bears the id of the open case, else of the item that is due first. */
export function showVisit({ openCase, items }: HouseholdAsks, dueAt: Date, now: Date): WorklistItem | undefined {
  const asked = openCase === undefined ? items : [openCase, ...items];
  const [principal] = asked;
  if (principal === undefined) return undefined;
  const asks = asked.map((ask) => showAsk(ask, now));
  const { kind, id, state, stateLabel } = asks[0] as VisitAsk;
  const severity = Math.max(...asked.map((ask) => ask.severity));
  const householdLeft = leavingOf(openCase?.household_left) ?? null;
  const due = showDue({ duty_code: principal.duty_code, severity, due_at: dueAt }, now);
  return {
    kind,
    id,
    householdId: principal.household_id,
    ...due,
    overdue: due.overdue && householdLeft === null,
    householdLeft,
    state,
    stateLabel,
    text: null,
    causes: [...new Set(asked.flatMap(({ causes }) => causes))],
    asks,
  };
}

function showAsk(ask: OpenAsk, now: Date): VisitAsk {
  const named = ask.isCase
    ? { state: caseStateOf(ask.state), stateLabel: caseStates[caseStateOf(ask.state)].label }
    : { state: checkItemStateOf(ask.state), stateLabel: checkItemStates[checkItemStateOf(ask.state)].label };
  return {
    kind: ask.isCase ? 'case' : 'check-item',
    id: composeDerivedId({ origin: ask.origin, householdId: ask.household_id }),
    shockId: ask.shock_id,
    findingId: findingIdOf(ask),
    causes: [...ask.causes],
    severity: ask.severity,
    severityLabel: severityLabel(ask.severity),
    ...named,
    dueAt: toBeijingTime(ask.due_at),
    overdue: ask.due_at < now && ask.household_left === null,
  };
}

interface Due {
  readonly duty_code: number;
  readonly severity: number;
  readonly due_at: Date;
}

/** What every entry of the worklist says: where, how grave and by when. */
export function showDue({ duty_code: dutyCode, severity, due_at: dueAt }: Due, now: Date) {
  return {
    region: regionOf(dutyCode),
    severity,
    severityLabel: severityLabel(severity),
    dueAt: toBeijingTime(dueAt),
    overdue: dueAt < now,
  };
}
