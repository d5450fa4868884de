/**
 * A case that has ended ends what it answered: the alerts that triage opened it for or attached to it, each up to the revision
 * that was answered; of a joint alert those that it adds up. One that was dismissed, or whose household has left, ends them at once. A case that is taken up again
 * stands for them once more.
 */
import { arrayLiteral, joiningSets, type Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import { ENDED_CASE_STATES, ENDING_AT_ONCE } from '../ledger/ended-cases.js';
import { answerByCases } from '../joint/answer-held-back.js';
import { KeepBook } from './keep-book.js';
import { answersToCases } from './open-cases.js';

interface ClosedRow {
  household_id: number;
  origin: number;
  duty_code: number;
  revision: number | null;
  /** The case that answers it up to that revision has ended in a way after which there is no risk. */
  at_once: boolean;
  [column: string]: unknown;
}

const MOST_CASES = 500;

@Injectable()
export class FollowCases {
  constructor(private readonly book: KeepBook) {}

  /** Takes up the next cases that took a step; answers whether there were any. */
  execute(): Promise<boolean> {
    return this.book.transaction(async (tx) => {
      const steps = await tx.query<{ case_origin: number; household_id: number }>(
        `DELETE FROM episode_case_steps WHERE queue_no IN (
           SELECT queue_no FROM episode_case_steps ORDER BY queue_no LIMIT ${MOST_CASES})
         RETURNING case_origin, household_id`,
      );
      if (steps.length === 0) return false;
      const closed = await answeredBy(tx, steps);
      const places = await answerByCases(tx, steps);
      for (const row of closed) places.set(row.household_id, row.duty_code);
      await this.book.at(tx, places, (book, now) => {
        for (const { household_id, origin, revision, at_once: atOnce } of closed)
          book.get(household_id)?.risks.close(origin, { closedRevision: revision, atOnce }, now.getTime());
      });
      return true;
    });
  }
}

/**
 * The followed alerts that the cases answer, with the revision up to which they are closed; null where the case is open. A case
 * opened from a check has the alert's own origin and no answer of triage: it stands for the alert as it is.
 */
function answeredBy(
  tx: Tx,
  steps: readonly { readonly case_origin: number; readonly household_id: number }[],
): Promise<ClosedRow[]> {
  return joiningSets(tx, () =>
    tx.query<ClosedRow>(
      `WITH stepped AS (
         SELECT DISTINCT s.case_origin, s.household_id, coalesce(c.state = ANY($3::text[]), false) AS ended,
           coalesce(c.state = ANY($4::text[]), false) AS at_once, c.state IS NOT NULL AS said
         FROM unnest($1::bigint[], $2::bigint[]) AS s (case_origin, household_id)
           LEFT JOIN case_states c ON c.case_origin = s.case_origin AND c.household_id = s.household_id
       ), followed AS (
         SELECT household_id, origin, duty_code, revision, raised_at FROM episode_alerts WHERE household_id = ANY($2::bigint[])
       ), joint AS (
         SELECT j.household_id, j.origin AS joint_origin, part.origin, part.revision
         FROM joint_alerts j, unnest(j.members, j.member_revisions) AS part (origin, revision) WHERE j.household_id = ANY($2::bigint[])
       ), answered AS (
         ${answersToCases(`t.origin IN (SELECT origin FROM followed UNION SELECT joint_origin FROM joint) AND pair.household_id = ANY($2::bigint[])`)}
       ), closed AS (
         SELECT household_id, origin, ended, at_once, revision FROM answered JOIN stepped USING (household_id, case_origin) WHERE ended OR stands
         UNION ALL
         SELECT f.household_id, f.origin, s.ended, s.at_once, f.revision FROM followed f
           JOIN stepped s ON s.household_id = f.household_id AND s.case_origin = f.origin AND s.said
         UNION ALL
         SELECT j.household_id, j.origin, s.ended, s.at_once, j.revision FROM joint j JOIN stepped s ON s.household_id = j.household_id
         WHERE (s.case_origin = j.joint_origin AND s.said) OR EXISTS (
           SELECT FROM answered a WHERE a.origin = j.joint_origin AND a.household_id = j.household_id
             AND a.case_origin = s.case_origin AND (s.ended OR a.stands))
       )
       SELECT f.household_id, f.origin, f.duty_code, max(CASE WHEN c.ended THEN c.revision END) AS revision,
         coalesce(max(CASE WHEN c.at_once THEN c.revision END) = max(CASE WHEN c.ended THEN c.revision END), false) AS at_once,
         f.raised_at
       FROM closed c JOIN followed f USING (household_id, origin)
       GROUP BY f.household_id, f.origin, f.duty_code, f.raised_at ORDER BY f.household_id, f.raised_at`,
      [
        arrayLiteral(steps.map((step) => step.case_origin)),
        arrayLiteral(steps.map((step) => step.household_id)),
        ENDED_CASE_STATES,
        ENDING_AT_ONCE,
      ],
    ),
  );
}
