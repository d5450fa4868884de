/**
 * Reckons cases anew whose alerts have changed: severity is the worst of the alerts that still stand; a clue that nobody has
 * touched ends when none does; one that has ended keeps the severity of its end; a case somebody has acted on is marked when an alert of it was withdrawn. A case of which
 * nothing changes is not written; one that does gets a row of history.
 */
import { shanghaiDay } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { caseStates, FIRST_ENDED_CODE } from '../cases/case-states.js';
import { regimeOf } from '../cases/regime.js';
import { LEFT_CASE_CODES } from '../register/left-states.js';
import { isJoint } from './joint-origin.js';
import { FLAGGED, LISTED } from './outcome.js';
import { wasAskedAgain } from './reopen-cases.js';
import type { TriageRun } from './triage-run.js';

// A dismissal ends what several causes are together, as the end of a case does whose household has left, and their alert is withdrawn for that: no mark of its own, though one that was there stays.
const isNews = (origin: string): string =>
  `(c.flagged_at IS NOT NULL OR c.state NOT IN (${[caseStates.dismissed.code, ...LEFT_CASE_CODES].join(', ')}) OR NOT ${isJoint(origin)})`;

const SETTLE = `
  WITH touched AS (
    SELECT DISTINCT * FROM unnest($1::bigint[], $2::bigint[]) AS t (case_origin, household_id)),
  standing AS (
    SELECT c.case_origin, c.household_id,
           greatest(CASE WHEN c.alert_outcome <= ${LISTED} THEN c.alert_severity END,
                    max(a.severity) FILTER (WHERE a.outcome <= ${LISTED})) AS severity,
           c.acted AND ((c.alert_outcome = ${FLAGGED} AND ${isNews('c.case_origin')})
                        OR coalesce(bool_or(a.outcome = ${FLAGGED} AND ${isNews('a.origin')}), false)) AS flagged
      FROM touched JOIN cases c USING (case_origin, household_id)
      LEFT JOIN case_alerts a USING (case_origin, household_id)
     GROUP BY c.case_origin, c.household_id),
  settled AS (
    UPDATE cases c
       SET severity = CASE WHEN c.state < ${FIRST_ENDED_CODE} THEN coalesce(s.severity, c.severity) ELSE c.severity END,
           state = CASE WHEN s.severity IS NULL AND NOT c.acted AND c.state = $3 THEN $4 ELSE c.state END,
           flagged_at = CASE WHEN s.flagged THEN coalesce(c.flagged_at, $5::timestamptz) END,
           revision = greatest(c.revision, $6) + 1
      FROM standing s
     WHERE c.case_origin = s.case_origin AND c.household_id = s.household_id
       AND ((c.severity <> s.severity AND c.state < ${FIRST_ENDED_CODE}) OR (c.flagged_at IS NOT NULL) <> s.flagged
            OR (s.severity IS NULL AND NOT c.acted AND c.state = $3))
    RETURNING c.case_origin, c.household_id, c.duty_code, c.revision, c.severity, old.state AS from_state,
              c.state AS to_state,
              CASE WHEN c.state <> old.state THEN 'withdrawn'
                   WHEN (c.flagged_at IS NULL) <> (old.flagged_at IS NULL)
                     THEN CASE WHEN c.flagged_at IS NULL THEN 'unflagged' ELSE 'flagged' END
                   ELSE 'severity-changed' END AS action),
  logged AS (
  INSERT INTO case_steps (case_origin, household_id, duty_code, revision, stepped_at, action, from_state, to_state,
                          severity, regime, policy_version)
  SELECT case_origin, household_id, duty_code, revision, $5, action, from_state, to_state, severity, $7::smallint, $8::text
    FROM settled)
  SELECT case_origin, household_id, duty_code, revision FROM settled s
   WHERE to_state <> from_state AND ${wasAskedAgain('s')}`;

interface RecalledRow extends Record<string, unknown> {
  readonly case_origin: number;
  readonly household_id: number;
  readonly duty_code: number;
  readonly revision: number;
}

export async function settleCases(tx: Tx, run: TriageRun): Promise<void> {
  if (run.touched.origins.length === 0) return;
  const recalled = await tx.query<RecalledRow>(SETTLE, [
    run.touched.origins,
    run.touched.households,
    caseStates.clue.code,
    caseStates.withdrawn.code,
    run.now,
    run.epochBase,
    regimeOf(shanghaiDay(run.now)),
    run.policyVersion,
  ]);
  for (const { case_origin: caseOrigin, household_id: householdId, duty_code: dutyCode, revision } of recalled)
    run.steps.push({
      action: 'withdrawn',
      to: 'withdrawn',
      stepped: { caseOrigin, householdId, dutyCode, revision },
    });
}
