/** What a case is about: the alert that opened it while that stands, else the worst that does. */
import type { Tx } from '@fangpin/persistence';
import { FIRST_CLOSED_CODE } from '../../check-items/check-item-states.js';
import { isStanding, LAST_STANDING } from '../../triage/outcome.js';
import { FIRST_ENDED_CODE } from '../case-states.js';

/** What stands behind the alert. */
export interface Title {
  readonly shock_id: string;
  readonly shock_kind: string;
  readonly cause: string;
}

interface TitledCase {
  readonly origin: number;
  readonly household_id: number;
  readonly state: number;
  /** Of the alert that opened the case. */
  readonly alert_outcome: number;
}

interface TitleRow extends Title {
  readonly n: number;
  [column: string]: unknown;
}

// Open check items go with an open case. Of equals the earliest counts.
const TITLES = `
  SELECT DISTINCT ON (s.n) s.n::int AS n, t.shock_id, t.shock_kind, t.cause
    FROM (SELECT v.n, a.origin, a.severity, a.attached_at AS since
            FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS v (case_origin, household_id, n)
            JOIN case_alerts a ON a.case_origin = v.case_origin AND a.household_id = v.household_id
           WHERE a.outcome <= ${LAST_STANDING}
          UNION ALL
          SELECT v.n, i.origin, i.severity, i.listed_at
            FROM unnest($2::bigint[], $3::boolean[]) WITH ORDINALITY AS v (household_id, open, n)
            JOIN check_items i ON i.household_id = v.household_id
           WHERE v.open AND i.household_id = ANY($2::bigint[]) AND i.state < ${FIRST_CLOSED_CODE}
             AND i.outcome <= ${LAST_STANDING}) AS s
    JOIN triage_refs t ON t.origin = s.origin
   ORDER BY s.n, s.severity DESC, s.since, s.origin`;

/** Only of cases whose opening alert was withdrawn and behind which another stands; every other case is about what opened it. */
export async function standingTitles<Case extends TitledCase>(
  tx: Tx,
  cases: readonly Case[],
): Promise<Map<Case, Title>> {
  const withdrawn = cases.filter(({ alert_outcome: outcome }) => !isStanding(outcome));
  if (withdrawn.length === 0) return new Map();
  const rows = await tx.query<TitleRow>(TITLES, [
    withdrawn.map(({ origin }) => origin),
    withdrawn.map((row) => row.household_id),
    withdrawn.map(({ state }) => state < FIRST_ENDED_CODE),
  ]);
  return new Map(
    rows.map(({ n, shock_id, shock_kind, cause }) => [withdrawn[n - 1] as Case, { shock_id, shock_kind, cause }]),
  );
}
