/** One case with all alerts of its household, of whatever cause, and what its reader may do. */
import { composeDerivedId, NotFound, parseDerivedId, toBeijingTime } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { Role } from '@fangpin/service-kit';
import { findingIdOf, severityLabel } from '../../http/show.js';
import { leavingOf } from '../../register/left-states.js';
import { isStanding } from '../../triage/outcome.js';
import { actionsFor } from '../case-guards.js';
import type { CaseAlertPlace, CaseAlertResponse, CaseResponse } from '../dto/case.response.js';
import { caseStateOf, isOpen } from '../case-states.js';
import { CASE_COLUMNS, showCase, type CaseRow } from './case-row.js';
import { standingTitles } from './standing-titles.js';

export interface CaseDetail extends CaseResponse {
  /** For the ETag. */
  readonly revision: number;
}

interface AlertRow {
  origin: number;
  household_id: number;
  shock_id: string;
  shock_kind: string;
  cause: string;
  severity: number;
  outcome: number;
  place: CaseAlertPlace;
  since: Date;
  [column: string]: unknown;
}

const ALERTS = `
  SELECT s.*, t.shock_id, t.shock_kind, t.cause
    FROM (SELECT case_origin AS origin, household_id, alert_severity AS severity, alert_outcome AS outcome, 'opened' AS place,
                 opened_at AS since
            FROM cases WHERE case_origin = $1 AND household_id = $2
          UNION ALL
          SELECT origin, household_id, severity, outcome, 'attached', attached_at
            FROM case_alerts WHERE case_origin = $1 AND household_id = $2
          UNION ALL
          SELECT origin, household_id, severity, outcome, 'joined', listed_at
            FROM check_items WHERE $3 AND household_id = $2 AND state < 100) AS s
    JOIN triage_refs t ON t.origin = s.origin
   ORDER BY s.place = 'opened' DESC, s.since, s.origin`;

/** Throws `CASE.NOT_FOUND` where the scope shows none; refuses what is no id (400). */
export async function readCase(tx: Tx, id: string, role: Role, now: Date): Promise<CaseDetail> {
  const { origin, householdId } = parseDerivedId(id);
  const [row] = await tx.query<CaseRow>(
    `SELECT ${CASE_COLUMNS} FROM cases c JOIN triage_refs t ON t.origin = c.case_origin
      WHERE c.case_origin = $1 AND c.household_id = $2`,
    [origin, householdId],
  );
  if (row === undefined) throw new NotFound('case', id);
  const state = caseStateOf(row.state);
  const alerts = await tx.query<AlertRow>(ALERTS, [origin, householdId, isOpen(state)]);
  const titles = await standingTitles(tx, [row]);
  return {
    ...showCase(row, now, titles.get(row)),
    revision: row.revision,
    alerts: alerts.map(showAlert),
    causes: [...new Set(alerts.filter(({ outcome }) => isStanding(outcome)).map(({ cause }) => cause))],
    ...actionsFor(state, role, leavingOf(row.household_left)),
  };
}

function showAlert(row: AlertRow): CaseAlertResponse {
  return {
    alertId: composeDerivedId({ origin: row.origin, householdId: row.household_id }),
    shockId: row.shock_id,
    findingId: findingIdOf(row),
    cause: row.cause,
    severity: row.severity,
    severityLabel: severityLabel(row.severity),
    opened: row.place === 'opened',
    place: row.place,
    stands: isStanding(row.outcome),
    since: toBeijingTime(row.since),
  };
}
