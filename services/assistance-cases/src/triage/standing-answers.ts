/** The answers that stand for all alerts of one origin in one township, read from the tables. */
import type { TriageOutcome } from '@fangpin/contracts';
import { dutyRange, parseRegionCode } from '@fangpin/domain-kit';
import type { OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { checkMessages } from '../check-items/said-checks.js';
import { standingChecks } from '../check-items/standing-checks.js';
import { ATTACHED, isStanding, LISTED, OPENED } from './outcome.js';
import { AnswerColumns, answerMessages } from './triage-answers.js';
import type { TriagePolicy } from './triage-policy.js';

export interface StandingRow {
  household_id: number;
  alert_revision: number;
  outcome: TriageOutcome;
  case_origin: number;
  place: number;
  found_by_check: boolean;
  shock_id: string;
  [column: string]: unknown;
}

const STANDING = `
  SELECT DISTINCT ON (household_id) household_id, alert_revision, outcome, s.case_origin, s.place, t.shock_id,
         EXISTS (SELECT FROM check_results r WHERE r.origin = $1 AND r.household_id = s.household_id AND r.result = 102)
           AS found_by_check
    FROM (SELECT household_id, alert_revision, alert_outcome AS outcome, case_origin, 1 AS place
            FROM cases WHERE case_origin = $1 AND duty_code >= $2 AND duty_code < $3
          UNION ALL
          SELECT household_id, alert_revision, outcome, case_origin, 2
            FROM case_alerts WHERE origin = $1 AND duty_code >= $2 AND duty_code < $3
          UNION ALL
          SELECT household_id, alert_revision, outcome, 0, 3
            FROM check_items WHERE origin = $1 AND duty_code >= $2 AND duty_code < $3
          UNION ALL
          SELECT household_id, alert_revision, 5, 0, 4
            FROM withdrawals WHERE origin = $1 AND duty_code >= $2 AND duty_code < $3) AS s,
         triage_refs t
   WHERE t.origin = $1
   ORDER BY household_id, alert_revision DESC, place`;

/** One row a household, in order of household. */
export function standingRows(tx: Tx, origin: number, township: string): Promise<StandingRow[]> {
  const range = dutyRange(parseRegionCode(township));
  return tx.query<StandingRow>(STANDING, [origin, range.lo, range.hi]);
}

/** The rows said as answers: repeats and later states are harmless, an answer is a revision. */
function* answersOfRows(rows: readonly StandingRow[], origin: number, township: string): Generator<OutgoingMessage> {
  const answers = rows.flatMap(answersOfRow);
  for (const [alertRevision, ofRevision] of Map.groupBy(answers, (row) => row.alertRevision)) {
    const columns = new AnswerColumns();
    for (const { householdId, outcome, caseOrigin } of ofRevision) columns.add(householdId, outcome, caseOrigin);
    yield* answerMessages({ shockId: rows[0]?.shock_id ?? '', origin, alertRevision, township }, columns);
  }
}

/** All that stands of an origin in a township, as messages: the answers, and then what checks answer for. */
export async function standingAnswers(
  tx: Tx,
  origin: number,
  township: string,
  policy: TriagePolicy,
): Promise<OutgoingMessage[]> {
  return messagesOfRows(tx, await standingRows(tx, origin, township), origin, township, policy);
}

/** The same where the rows are read already. */
export async function messagesOfRows(
  tx: Tx,
  rows: readonly StandingRow[],
  origin: number,
  township: string,
  policy: TriagePolicy,
): Promise<OutgoingMessage[]> {
  const checks = await standingChecks(tx, origin, dutyRange(parseRegionCode(township)), policy);
  return [...answersOfRows(rows, origin, township), ...checkMessages(checks)];
}

interface Answer {
  readonly householdId: number;
  readonly alertRevision: number;
  readonly outcome: TriageOutcome;
  readonly caseOrigin: number;
}

const OUTCOME_BY_PLACE = [undefined, OPENED, ATTACHED, LISTED, undefined];

/** What stands; for a withdrawn alert also what had become of it before, under a revision below, for the ledger counts both. */
function answersOfRow(row: StandingRow): Answer[] {
  const { household_id: householdId, case_origin: caseOrigin, alert_revision: alertRevision, outcome } = row;
  const standing = { householdId, caseOrigin, alertRevision, outcome };
  const taken = row.found_by_check ? LISTED : OUTCOME_BY_PLACE[row.place];
  if (isStanding(outcome) || taken === undefined) return [standing];
  return [{ ...standing, alertRevision: alertRevision - 1, outcome: taken }, standing];
}
