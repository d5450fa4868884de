/** Which alerts an open case answers: by its triage, by a check that found a risk, or with the joint alert that adds them up. */
import { arrayLiteral, joiningSets, type Tx } from '@fangpin/persistence';
import { ENDED_CASE_STATES } from '../ledger/ended-cases.js';

export interface AlertOfHousehold {
  readonly household_id: number;
  readonly origin: number;
}

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
         SELECT t.origin AS said_origin, pair.household_id, pair.case_origin
         FROM triage_answers t, unnest(t.household_ids, t.case_origins) AS pair (household_id, case_origin)
         WHERE t.origin IN (SELECT said_origin FROM said) AND pair.case_origin > 0 AND pair.household_id = ANY($1::bigint[])
       ), open AS (
         SELECT a.said_origin, a.household_id FROM answered a
           LEFT JOIN case_states c ON c.case_origin = a.case_origin AND c.household_id = a.household_id
         WHERE c.state IS NULL OR NOT c.state = ANY($3::text[])
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
