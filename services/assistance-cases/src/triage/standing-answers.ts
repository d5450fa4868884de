/** The answers that stand for alerts, read from the tables. */
import type { TriageOutcome } from '@fangpin/contracts';
import { dutyRange, parseRegionCode, regionOfDuty, type DutyRange } from '@fangpin/domain-kit';
import type { OutgoingMessage } from '@fangpin/messaging';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { checkMessages } from '../check-items/said-checks.js';
import { standingChecks } from '../check-items/standing-checks.js';
import { ATTACHED, isStanding, LISTED, OPENED } from './outcome.js';
import { AnswerColumns, answerMessages } from './triage-answers.js';
import type { TriagePolicy } from './triage-policy.js';

export interface StandingRow {
  origin: number;
  household_id: number;
  duty_code: number;
  alert_revision: number;
  outcome: TriageOutcome;
  case_origin: number;
  place: number;
  found_by_check: boolean;
  shock_id: string;
  [column: string]: unknown;
}

const STANDING = `
  SELECT DISTINCT ON (s.origin, household_id) s.origin, household_id, s.duty_code, alert_revision, outcome, s.case_origin, s.place, t.shock_id,
         EXISTS (SELECT FROM check_results r WHERE r.origin = s.origin AND r.household_id = s.household_id AND r.result = 102)
           AS found_by_check
    FROM (SELECT case_origin AS origin, household_id, duty_code, alert_revision, alert_outcome AS outcome, case_origin, 1 AS place
            FROM cases WHERE case_origin = ANY($1::bigint[]) AND duty_code >= $2 AND duty_code < $3
          UNION ALL
          SELECT origin, household_id, duty_code, alert_revision, outcome, case_origin, 2
            FROM case_alerts WHERE origin = ANY($1::bigint[]) AND duty_code >= $2 AND duty_code < $3
          UNION ALL
          SELECT origin, household_id, duty_code, alert_revision, outcome, 0, 3
            FROM check_items WHERE origin = ANY($1::bigint[]) AND duty_code >= $2 AND duty_code < $3
          UNION ALL
          SELECT origin, household_id, duty_code, alert_revision, 5, 0, 4
            FROM withdrawals WHERE origin = ANY($1::bigint[]) AND duty_code >= $2 AND duty_code < $3) AS s,
         triage_refs t
   WHERE t.origin = s.origin
   ORDER BY s.origin, household_id, alert_revision DESC, place`;

/** Whose answers are read: all alerts of one origin in a township, or all of some findings, wherever their households live. */
export interface AnswersAsked {
  readonly origins: readonly number[];
  readonly range: DutyRange;
  /** The township under whose key they are said, so that they come in one partition and in this order. */
  readonly township: string;
}

export const ofOrigin = (origin: number, township: string): AnswersAsked => ({
  ...{ origins: [origin], township },
  range: dutyRange(parseRegionCode(township)),
});

/** One row an origin and household, in this order. */
export function standingRows(tx: Tx, { origins, range }: AnswersAsked): Promise<StandingRow[]> {
  return tx.query<StandingRow>(STANDING, [arrayLiteral(origins), range.lo, range.hi]);
}

/** The rows said as answers: repeats and later states are harmless, an answer is a revision. */
export function* answersOfRows(rows: readonly StandingRow[], key: string): Generator<OutgoingMessage> {
  const answers = rows.flatMap(answersOfRow);
  const groups = Map.groupBy(answers, ({ origin, alertRevision, township }) =>
    [origin, alertRevision, township].join('/'),
  );
  for (const group of groups.values()) {
    const [{ origin, shockId, alertRevision, township }] = group as [Answer, ...Answer[]];
    const columns = new AnswerColumns();
    for (const { householdId, outcome, caseOrigin } of group) columns.add(householdId, outcome, caseOrigin);
    yield* answerMessages({ shockId, origin, alertRevision, township }, columns, key);
  }
}

/** All that stands, as messages: the answers, and then what checks answer for. */
export async function standingAnswers(tx: Tx, asked: AnswersAsked, policy: TriagePolicy): Promise<OutgoingMessage[]> {
  const { origins, range, township } = asked;
  const checks = await standingChecks(tx, origins, range, policy);
  return [...answersOfRows(await standingRows(tx, asked), township), ...checkMessages(checks)];
}

interface Answer {
  readonly shockId: string;
  readonly origin: number;
  /** Where the household lives. */
  readonly township: string;
  readonly householdId: number;
  readonly alertRevision: number;
  readonly outcome: TriageOutcome;
  readonly caseOrigin: number;
}

const OUTCOME_BY_PLACE = [undefined, OPENED, ATTACHED, LISTED, undefined];

/** What stands; for a withdrawn alert also what had become of it before, under a revision below, for the ledger counts both. */
function answersOfRow(row: StandingRow): Answer[] {
  const { household_id: householdId, case_origin: caseOrigin, alert_revision: alertRevision, outcome } = row;
  const township = regionOfDuty(row.duty_code, 'township');
  const alert = { shockId: row.shock_id, origin: row.origin, township };
  const standing = { ...alert, householdId, caseOrigin, alertRevision, outcome };
  const taken = row.found_by_check ? LISTED : OUTCOME_BY_PLACE[row.place];
  if (isStanding(outcome) || taken === undefined) return [standing];
  return [{ ...standing, alertRevision: alertRevision - 1, outcome: taken }, standing];
}
