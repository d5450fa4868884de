/** What happened to the alerts of a case: what was attached, joined it as an open check item, was withdrawn, was raised again or went its own way. */
import type { Tx } from '@fangpin/persistence';
import { checkItemStates, FIRST_CLOSED_CODE } from '../../check-items/check-item-states.js';
import type { AlertStepAction } from '../../triage/note-alert-steps.js';
import type { CaseEntity } from '../case.entity.js';
import { overlapsOf, type Interval } from './open-intervals.js';

export type AlertAction = 'alert-attached' | 'alert-joined' | AlertStepAction;

export interface AlertHappening {
  readonly at: Date;
  readonly action: AlertAction;
  readonly origin: number;
  readonly severity: number;
  readonly shock_id: string;
  readonly shock_kind: string;
  readonly cause: string;
}

interface Row extends Omit<AlertHappening, 'at'> {
  /** Of an alert that joined the case: its time on the check list. */
  readonly from: Date;
  readonly until: Date | null;
  [column: string]: unknown;
}

const CLOSING_RESULTS = `(${checkItemStates['no-risk'].code}, ${checkItemStates.risk.code})`;

// Since when an alert stood, once it stands somewhere else or anew, is kept where it was noted that it does. An item is closed by what a visit found,
// by growing into a case, being attached to one or standing behind its own once more, or by its withdrawal; where none of these is kept it is not told that it joined.
// By origin: items that are closed are found by no index of households.
const ROWS = `
  WITH noted AS (SELECT * FROM case_alert_steps WHERE case_origin = $1 AND household_id = $2),
  near AS (
    SELECT origin FROM noted UNION SELECT origin FROM check_results WHERE household_id = $2
    UNION SELECT origin FROM case_alerts WHERE case_origin = $1 AND household_id = $2),
  items AS (
    SELECT origin, listed_at, severity, true AS open, NULL::timestamptz AS closed_at
      FROM check_items WHERE household_id = $2 AND state < ${FIRST_CLOSED_CODE}
    UNION ALL
    SELECT i.origin, i.listed_at, i.severity, false, least(
             (SELECT min(r.recorded_at) FROM check_results r
               WHERE r.origin = i.origin AND r.household_id = $2 AND r.result IN ${CLOSING_RESULTS} AND r.recorded_at >= i.listed_at),
             (SELECT a.attached_at FROM case_alerts a
               WHERE a.origin = i.origin AND a.household_id = $2 AND a.attached_at >= i.listed_at),
             (SELECT c.opened_at FROM cases c
               WHERE c.case_origin = i.origin AND c.household_id = $2 AND c.opened_at >= i.listed_at),
             (SELECT min(n.stepped_at) FROM noted n
               WHERE n.origin = i.origin AND n.action <> 'alert-left' AND n.stepped_at >= i.listed_at))
      FROM near JOIN check_items i ON i.origin = near.origin AND i.household_id = $2
     WHERE i.state >= ${FIRST_CLOSED_CODE}),
  happened AS (
    SELECT 'alert-attached' AS action, origin, severity, attached_at AS "from", NULL::timestamptz AS until
      FROM case_alerts WHERE case_origin = $1 AND household_id = $2
    UNION ALL
    SELECT 'alert-attached', origin, severity, since, NULL FROM noted WHERE place = 'attached'
    UNION ALL
    SELECT 'alert-joined', origin, severity, listed_at, closed_at FROM items WHERE open OR closed_at IS NOT NULL
    UNION ALL
    SELECT 'alert-joined', origin, severity, since, stepped_at FROM noted
     WHERE place = 'joined' AND action = 'alert-withdrawn'
    UNION ALL
    SELECT action, origin, severity, stepped_at, NULL FROM noted)
  SELECT h.*, t.shock_id, t.shock_kind, t.cause FROM happened h JOIN triage_refs t USING (origin)`;

/** In no order. `open`: when the case was open; an item joins it for that time only. */
export async function alertHappenings(
  tx: Tx,
  { caseOrigin, householdId }: CaseEntity,
  open: readonly Interval[],
): Promise<AlertHappening[]> {
  const rows = await tx.query<Row>(ROWS, [caseOrigin, householdId]);
  const happenings = new Map<string, AlertHappening>();
  for (const { from, until, ...of } of rows) {
    const moments = of.action === 'alert-joined' ? overlapsOf({ from, until }, open).map((o) => o.from) : [from];
    // What is noted with a withdrawal may stand in the row of the alert as well.
    for (const at of moments) happenings.set(`${of.action}/${of.origin}/${at.getTime()}`, { ...of, at });
  }
  return [...happenings.values()];
}
