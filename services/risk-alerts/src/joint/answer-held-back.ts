/** What answers losses that were held back: the case of the joint alert that adds them up, or a check of it without risk. */
import { arrayLiteral, joiningSets, type Tx } from '@fangpin/persistence';
import { answersToCases } from '../episodes/open-cases.js';
import { ENDED_CASE_STATES } from '../ledger/ended-cases.js';

/** Households by the place at which they are looked at. */
export type Places = Map<number, number>;

/** The cases that took a step have ended, or were taken up again: so are the losses that their joint alerts added up. */
export async function answerByCases(
  tx: Tx,
  steps: readonly { readonly case_origin: number; readonly household_id: number }[],
): Promise<Places> {
  const cases = arrayLiteral(steps.map((step) => step.case_origin));
  const households = arrayLiteral(steps.map((step) => step.household_id));
  const [some] = await tx.query('SELECT 1 FROM held_back_losses WHERE household_id = ANY($1::bigint[]) LIMIT 1', [
    households,
  ]);
  if (some === undefined) return new Map();
  const rows = await joiningSets(tx, () =>
    tx.query<{ household_id: number; duty_code: number }>(
      `WITH stepped AS (
         SELECT DISTINCT c.case_origin, c.household_id, c.state = ANY($3::text[]) AS ended
         FROM unnest($1::bigint[], $2::bigint[]) AS s (case_origin, household_id) JOIN case_states c USING (case_origin, household_id)
       ), joint AS (
         SELECT * FROM joint_alerts WHERE household_id = ANY($2::bigint[])
       ), answered AS (
         ${answersToCases('t.origin IN (SELECT origin FROM joint) AND pair.household_id = ANY($2::bigint[])')}
       ), closed AS (
         SELECT j.household_id, j.duty_code, j.members, bool_and(s.ended) AS ended
         FROM joint j JOIN stepped s ON s.household_id = j.household_id AND (s.case_origin = j.origin OR EXISTS (
           SELECT FROM answered a WHERE a.origin = j.origin AND a.household_id = j.household_id AND a.case_origin = s.case_origin
             AND (s.ended OR a.stands)))
         GROUP BY 1, 2, 3
       )
       UPDATE held_back_losses h SET gone_why = CASE WHEN c.ended THEN 'answered' END
       FROM closed c WHERE h.household_id = c.household_id AND h.origin = ANY(c.members)
         AND (CASE WHEN c.ended THEN h.gone_why IS NULL ELSE h.gone_why = 'answered' END)
       RETURNING h.household_id, c.duty_code`,
      [cases, households, ENDED_CASE_STATES],
    ),
  );
  return new Map(rows.map((row) => [row.household_id, row.duty_code]));
}

/** What a check found of a joint alert: up to a severity it answers for what was held back, and for nothing where it found a risk. */
export interface CheckOfJoint {
  readonly household_id: number;
  readonly joint_origin: number;
  readonly answered_up_to: number;
}

/** Checks in the order in which they came. Of its other parts each check says itself. */
export async function answerByChecks(tx: Tx, checks: readonly CheckOfJoint[]): Promise<void> {
  for (const { household_id: household, joint_origin: origin, answered_up_to: upTo } of checks)
    await tx.execute(
      `UPDATE held_back_losses h SET gone_why = CASE WHEN $3 >= j.severity THEN 'checked' END
       FROM joint_alerts j
       WHERE j.household_id = $1 AND j.origin = $2 AND h.household_id = $1 AND h.origin = ANY(j.members)
         AND (CASE WHEN $3 >= j.severity THEN h.gone_why IS NULL ELSE h.gone_why = 'checked' END)`,
      [household, origin, upTo],
    );
}
