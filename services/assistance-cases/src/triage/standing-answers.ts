/** The answers that stand for alerts, read from the tables. */
import type { TriageOutcome } from '@fangpin/contracts';
import { regionOfDuty } from '@fangpin/domain-kit';
import type { OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { checkMessages } from '../check-items/said-checks.js';
import { itemsOnceChecked, standingChecks } from '../check-items/standing-checks.js';
import { LAST_ROWS, placesOf, within, type AnswersAsked } from './last-rows.js';
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
  SELECT s.*, t.shock_id,
         EXISTS (SELECT FROM check_results r WHERE r.origin = s.origin AND r.household_id = s.household_id AND r.result = 102)
           AS found_by_check
    FROM (${LAST_ROWS}) AS s JOIN triage_refs t ON t.origin = s.origin
   WHERE ${within('s.duty_code')} ORDER BY s.origin, s.household_id`;

export const ofOrigin = (origin: number, ...townships: readonly string[]): AnswersAsked => ({
  origins: [origin],
  townships: townships.map(Number),
});

/** One row an origin and household, in this order. */
export function standingRows(tx: Tx, asked: AnswersAsked): Promise<StandingRow[]> {
  return tx.query<StandingRow>(STANDING, placesOf(asked));
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

/** All that stands, as messages: the answers, and then what checks answer for. `key`: under which they are said. */
export async function standingAnswers(
  tx: Tx,
  asked: AnswersAsked,
  key: string,
  policy: TriagePolicy,
): Promise<OutgoingMessage[]> {
  const rows = await standingRows(tx, asked);
  const checks = [...(await standingChecks(tx, asked, policy)), ...(await itemsOnceChecked(tx, asked))];
  return [...answersOfRows(rows, key), ...checkMessages(checks)];
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
