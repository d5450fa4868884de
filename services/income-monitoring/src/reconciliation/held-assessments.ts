import type { Tx } from '@fangpin/persistence';
import { HeldVillages } from '@fangpin/service-kit';
import type { AssessmentRow } from '../assessments/assessment-row.js';

const LINE = `concat_ws(':', a.household_id, a.revision, CASE WHEN a.closed THEN '::' ELSE concat_ws(':', a.per_capita_fen,
  a.wage_fen, greatest(0, a.out_of_pocket_fen - a.insurance_payout_fen)) END)`;

// The last revision of each household that is known here, by its place: a figure follows its household when that moves.
const LAST = `
  CROSS JOIN LATERAL (SELECT * FROM assessments WHERE household_id = h.household_id ORDER BY revision DESC LIMIT 1) a`;

/** The figures in force, in the lines that risk-alerts compares. */
export const heldAssessments = new HeldVillages({ line: LINE, parts: LAST, changedAt: 'a.assessed_at' });

/** The figures in force of some households, in order of id. */
export function assessmentsOf(tx: Tx, ids: readonly number[]): Promise<AssessmentRow[]> {
  return tx.query<AssessmentRow & Record<string, unknown>>(
    `SELECT a.* FROM households h ${LAST} WHERE h.household_id = ANY($1::bigint[]) ORDER BY h.household_id`,
    [ids],
  );
}
