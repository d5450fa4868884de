/** A case as lists show it. */
import { composeDerivedId, toBeijingTime } from '@fangpin/domain-kit';
import { findingIdOf, regionOf, severityLabel } from '../../http/show.js';
import { caseStateOf, caseStates, isOpen } from '../case-states.js';
import { leavingOf } from '../../register/left-states.js';
import { regimeName } from '../regime.js';
import type { CaseSummary } from '../dto/case.response.js';
import type { Title } from './standing-titles.js';

/** Columns of `cases c` joined with `triage_refs t`. */
export interface CaseRow {
  origin: number;
  household_id: number;
  duty_code: number;
  revision: number;
  opened_at: Date;
  due_at: Date;
  flagged_at: Date | null;
  persons: number;
  severity: number;
  state: number;
  regime: number;
  household_left: number | null;
  /** What the alert that opened the case was answered: the numbers of `TriageOutcome`. */
  alert_outcome: number;
  /** What is behind that alert. */
  shock_id: string;
  shock_kind: string;
  cause: string;
  [column: string]: unknown;
}

export const CASE_COLUMNS =
  'c.case_origin AS origin, c.household_id, c.duty_code, c.revision, c.opened_at, c.due_at, c.flagged_at, c.persons, ' +
  'c.severity, c.state, c.regime, c.household_left, c.alert_outcome, t.shock_id, t.shock_kind, t.cause';

/** `title`: what the case is about, where the alert that opened it stands no more. */
export function showCase(row: CaseRow, now: Date, title: Title = row): CaseSummary {
  const state = caseStateOf(row.state);
  return {
    id: composeDerivedId({ origin: row.origin, householdId: row.household_id }),
    householdId: row.household_id,
    region: regionOf(row.duty_code),
    persons: row.persons,
    severity: row.severity,
    severityLabel: severityLabel(row.severity),
    state,
    stateLabel: caseStates[state].label,
    regime: regimeName(row.regime),
    shockId: title.shock_id,
    findingId: findingIdOf(title),
    cause: title.cause,
    openedAt: toBeijingTime(row.opened_at),
    dueAt: toBeijingTime(row.due_at),
    // Nobody is there to be seen any more.
    overdue: isOpen(state) && row.household_left === null && row.due_at < now,
    householdLeft: isOpen(state) ? (leavingOf(row.household_left) ?? null) : null,
    flaggedAt: row.flagged_at === null ? null : toBeijingTime(row.flagged_at),
  };
}
