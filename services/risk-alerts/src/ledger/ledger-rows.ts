/**
 * The rows from which a ledger is counted, as parts of its statement: all of the cell, or those of an area. A household counts once, where its
 * last alert has it; one that was never alerted, where it is withheld. So who has moved away counts in the new place alone, and the townships
 * of an area add up to it (docs/adr/0057). That can only be seen across areas: the statement runs under the scope of the cell,
 * and what it answers is of the area alone.
 */
import type { DutyRange } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';

/** Of the alerts and answers of one origin ($1), or of several. */
export type OfOrigins = (column: string) => string;
export const ofOne: OfOrigins = (column) => `${column} = $1`;
export const ofSeveral: OfOrigins = (column) => `${column} = ANY($1::bigint[])`;

export interface LedgerRows {
  /** Sets that the others are read from. */
  readonly before: string;
  /** Rows `a` of alerts, all of each household that counts. */
  readonly alerts: string;
  /** Rows `t` of answers, all of each household that counts. */
  readonly answers: string;
  /** Rows `w` of the withheld. */
  readonly withheld: string;
  /** Condition on the duty code of a household's last alert: it counts here. */
  readonly here: (dutyCode: string) => string;
  /** Condition on the household `id` of a withheld one; `alerted` are those with an alert, of these rows. */
  readonly neverAlerted: (alerted: string) => string;
}

export function allRows(of: OfOrigins): LedgerRows {
  return {
    before: '',
    alerts: `alerts a WHERE ${of('a.origin')}`,
    answers: of('t.origin'),
    withheld: of('w.origin'),
    here: () => 'true',
    neverAlerted: (alerted) => `NOT EXISTS (SELECT FROM ${alerted} WHERE ${alerted}.household_id = id)`,
  };
}

/** Of an area, whose first and last but one code are $2 and $3. Household by household by the key of alerts: those of a shock are many times those of a township. */
export function rowsOfArea(of: OfOrigins): LedgerRows {
  const inArea = (dutyCode: string): string => `${dutyCode} >= $2 AND ${dutyCode} < $3`;
  return {
    before: `mine AS MATERIALIZED (
  SELECT DISTINCT a.household_id FROM alerts a WHERE ${of('a.origin')} AND ${inArea('a.duty_code')}
), own AS MATERIALIZED (
  SELECT one.* FROM mine CROSS JOIN LATERAL (
    SELECT origin, household_id, revision, duty_code, slice_no, state, severity FROM alerts a
    WHERE ${of('a.origin')} AND a.household_id = mine.household_id OFFSET 0) AS one
), `,
    alerts: 'own a WHERE true',
    // Nearly nobody moves while a shock is open; where somebody has, what was answered in another place counts too.
    answers: `${of('t.origin')} AND ((${inArea('t.duty_code')}) OR EXISTS (SELECT FROM own WHERE NOT (${inArea('own.duty_code')})))`,
    withheld: `${of('w.origin')} AND ${inArea('w.duty_code')}`,
    here: inArea,
    neverAlerted: () => `NOT EXISTS (SELECT FROM alerts a WHERE ${of('a.origin')} AND a.household_id = id OFFSET 0)`,
  };
}

/** Whether an area is all that the transaction sees, so that nothing has to be told apart. */
export function isAllOf({ scope }: Tx, { lo, hi }: DutyRange): boolean {
  return lo <= scope.lo && hi >= scope.hi;
}
