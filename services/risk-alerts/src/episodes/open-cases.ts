/** Which alerts an open case answers: by its triage, by a check that found a risk, or with the joint alert that adds them up. */
import { TriageOutcome } from '@fangpin/contracts';
import { arrayLiteral, joiningSets, type Tx } from '@fangpin/persistence';
import { ENDED_CASE_STATES } from '../ledger/ended-cases.js';

export interface AlertOfHousehold {
  readonly household_id: number;
  readonly origin: number;
}

/**
 * As SQL: alerts with the cases that ever answered them, up to which revision, and whether the case does still by the last that was said: a recall that
 * closes an untouched clue is said as the withdrawal of its alerts alone, and an alert that is raised again may be listed.
 */
export const answersToCases = (which: string): string => `
  SELECT origin, household_id, case_origin, max(alert_revision) AS revision, bool_or(stands) AS stands FROM (
    SELECT t.origin, pair.household_id, pair.case_origin, t.alert_revision,
           pair.outcome IN (${TriageOutcome.OPENED}, ${TriageOutcome.ATTACHED})
             AND row_number() OVER (PARTITION BY t.origin, pair.household_id ORDER BY t.alert_revision DESC, t.answer_no DESC) = 1 AS stands
    FROM triage_answers t, unnest(t.household_ids, t.outcomes, t.case_origins) AS pair (household_id, outcome, case_origin)
    WHERE ${which}) AS answer
  WHERE case_origin > 0 GROUP BY 1, 2, 3`;

/** Those of the alerts whose case is open; one of which no step was heard is a clue, and open. */
export async function heldByCases(tx: Tx, alerts: readonly AlertOfHousehold[]): Promise<AlertOfHousehold[]> {
  if (alerts.length === 0) return [];
  return joiningSets(tx, () =>
    tx.query<AlertOfHousehold & Record<string, unknown>>(
      `WITH asked AS (
         SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS k (household_id, origin)
       ), said AS (
         SELECT household_id, origin, origin AS said_origin FROM asked
         UNION ALL
         SELECT j.household_id, member, j.origin FROM joint_alerts j, unnest(j.members) AS member
         WHERE j.household_id = ANY($1::bigint[]) AND j.state = 'raised'
       ), answered AS (
         ${answersToCases(`t.origin IN (SELECT said_origin FROM said) AND pair.household_id = ANY($1::bigint[])`)}
       ), open AS (
         SELECT a.origin AS said_origin, a.household_id FROM answered a
           LEFT JOIN case_states c ON c.case_origin = a.case_origin AND c.household_id = a.household_id
         WHERE a.stands AND (c.state IS NULL OR NOT c.state = ANY($3::text[]))
         UNION ALL
         SELECT s.said_origin, s.household_id FROM said s
           JOIN case_states c ON c.case_origin = s.said_origin AND c.household_id = s.household_id
         WHERE NOT c.state = ANY($3::text[])
       )
       SELECT DISTINCT asked.household_id, asked.origin FROM asked
         JOIN said ON said.household_id = asked.household_id AND said.origin = asked.origin
         JOIN open ON open.household_id = said.household_id AND open.said_origin = said.said_origin`,
      [
        arrayLiteral(alerts.map((alert) => alert.household_id)),
        arrayLiteral(alerts.map(({ origin }) => origin)),
        ENDED_CASE_STATES,
      ],
    ),
  );
}
