/** Joint alerts that are held here and that a question does not name: risk-alerts may have lost them. */
import { JOINT_CAUSE, type AnswerTally } from '@fangpin/contracts';
import { dutyRange, parseRegionCode } from '@fangpin/domain-kit';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { LISTED } from '../triage/outcome.js';

export interface OtherAlert extends Record<string, unknown> {
  readonly origin: number;
  readonly household_id: number;
}

// Outcomes up to listed stand. Origin after origin by its key (OFFSET 0): a joint alert is of one household.
const OTHERS = `
  SELECT t.origin, held.household_id
    FROM triage_refs t CROSS JOIN LATERAL (
      SELECT case_origin AS origin, household_id FROM cases
       WHERE case_origin = t.origin AND alert_outcome <= ${LISTED} AND duty_code >= $5 AND duty_code < $6
      UNION
      SELECT origin, household_id FROM case_alerts WHERE origin = t.origin AND outcome <= ${LISTED} AND duty_code >= $5 AND duty_code < $6
      UNION
      SELECT origin, household_id FROM check_items WHERE origin = t.origin AND outcome <= ${LISTED} AND duty_code >= $5 AND duty_code < $6
      OFFSET 0) AS held
   WHERE t.cause = '${JOINT_CAUSE}' AND t.raised_at >= to_timestamp($1 / 1000.0) AND t.origin > $2 AND t.origin <= $3
     AND t.origin <> ALL($4::bigint[])
   ORDER BY t.origin, held.household_id`;

/** None where the question does not ask for them. */
export async function otherJoints(tx: Tx, asked: AnswerTally): Promise<OtherAlert[]> {
  if (asked.othersSinceMs === undefined) return [];
  const { lo, hi } = dutyRange(parseRegionCode(asked.township));
  return tx.query<OtherAlert>(OTHERS, [
    Number(asked.othersSinceMs),
    Number(asked.othersAbove),
    Number(asked.othersUpTo),
    arrayLiteral(asked.origins.map(Number)),
    lo,
    hi,
  ]);
}
