/** Followed alerts as rows; moments in milliseconds since 1970. */
import type { Cause } from '@fangpin/contracts';
import type { ColumnsOf } from './columns.js';
import type { BookedAlert } from './household-risks.js';
import type { BookedHousehold } from './episode-book.js';

export interface AlertRow extends Record<string, unknown> {
  household_id: number;
  origin: number;
  cause: Cause;
  ordinal: number | null;
  revision: number;
  raised: boolean;
  severity: number;
  held: number;
  lower: number;
  lower_since: number | null;
  closed_revision: number | null;
  case_open: boolean;
  checked_up_to: number | null;
  check_revision: number | null;
  gone_since: number | null;
  raised_at: number;
}

/** An alert of a household as it is stored; `due`: when time alone changes it. */
export interface StoredAlert {
  readonly household: BookedHousehold;
  readonly alert: BookedAlert;
  readonly due: number | null;
}

export const ALERT_COLUMNS: ColumnsOf<StoredAlert> = {
  household_id: ['bigint', ({ household }) => household.householdId],
  origin: ['bigint', ({ alert }) => alert.origin],
  cause: ['text', ({ alert }) => alert.cause],
  ordinal: ['int', ({ alert }) => alert.ordinal],
  duty_code: ['bigint', ({ household }) => household.dutyCode],
  revision: ['bigint', ({ alert }) => alert.revision],
  raised: ['boolean', ({ alert }) => alert.raised],
  severity: ['smallint', ({ alert }) => alert.severity],
  held: ['smallint', ({ alert }) => alert.held],
  lower: ['smallint', ({ alert }) => alert.lower],
  lower_since: ['moment', ({ alert }) => alert.lowerSinceMs],
  closed_revision: ['bigint', ({ alert }) => alert.closedRevision],
  case_open: ['boolean', ({ alert }) => alert.caseOpen],
  checked_up_to: ['smallint', ({ alert }) => alert.checkedUpTo],
  check_revision: ['bigint', ({ alert }) => alert.checkRevision],
  gone_since: ['moment', ({ alert }) => alert.goneSinceMs],
  raised_at: ['moment', ({ alert }) => alert.raisedMs],
  due_at: ['moment', ({ due }) => due],
};

export function alertOfRow(row: AlertRow): BookedAlert {
  return {
    origin: row.origin,
    cause: row.cause,
    ordinal: row.ordinal,
    revision: row.revision,
    raised: row.raised,
    severity: row.severity,
    held: row.held,
    lower: row.lower,
    lowerSinceMs: row.lower_since,
    closedRevision: row.closed_revision,
    caseOpen: row.case_open,
    checkedUpTo: row.checked_up_to,
    checkRevision: row.check_revision,
    goneSinceMs: row.gone_since,
    raisedMs: row.raised_at,
  };
}
