import type { AnswersTallied } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';

/** Notes a reply of assistance-cases beside its question; one to a question that is settled changes nothing. */
export async function takeReply(tx: Tx, tallied: AnswersTallied): Promise<void> {
  await tx.execute(
    `UPDATE reconciliation_tallies SET their_households = $4, their_hash = $5,
       agreed_at_once = CASE WHEN round = 1 THEN $6 ELSE agreed_at_once END, their_checks = $7, their_checks_hash = $8, others = $9
     WHERE reconciliation_no = $1 AND origin = $2 AND duty_code = $3 AND state = 'asked'`,
    [
      Number(tallied.reconciliation),
      Number(tallied.origin),
      Number(tallied.township) * TOWNSHIP_SPAN,
      tallied.households,
      tallied.hash,
      tallied.agreed,
      tallied.checksHash === undefined ? null : tallied.checks,
      tallied.checksHash ?? null,
      arrayLiteral(await neverAlerted(tx, tallied)),
    ],
  );
}

/** Households of those that the other side holds beside what was named: what is known here was only not to be compared yet, or has moved. */
async function neverAlerted(tx: Tx, { otherOrigins, otherHouseholdIds }: AnswersTallied): Promise<number[]> {
  if (otherOrigins.length === 0) return [];
  const rows = await tx.query<{ id: number }>(
    `SELECT DISTINCT other.household_id AS id FROM unnest($1::bigint[], $2::bigint[]) AS other (origin, household_id)
     WHERE NOT EXISTS (SELECT FROM alerts WHERE origin = other.origin AND household_id = other.household_id OFFSET 0) ORDER BY 1`,
    [arrayLiteral(otherOrigins.map(Number)), arrayLiteral(otherHouseholdIds.map(Number))],
  );
  return rows.map(({ id }) => id);
}
