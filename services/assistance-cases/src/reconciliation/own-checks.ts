/** What checks without risk answer for of the alerts that a tally names, to be compared with what risk-alerts has noted of them. */
import { createHash } from 'node:crypto';
import type { OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { checkMessages, type SaidCheck } from '../check-items/said-checks.js';
import { itemsWithoutCheck, standingChecks } from '../check-items/standing-checks.js';
import { LISTED } from '../triage/outcome.js';
import type { AnswersAsked, StandingRow } from '../triage/standing-answers.js';
import type { TriagePolicy } from '../triage/triage-policy.js';

export interface OwnChecks {
  /** Those of alerts that stand on the check list still; one that has grown into a case is the case's. */
  readonly standing: readonly SaidCheck[];
  /** As the contract has it (AnswerTally.checks_hash). */
  readonly hash: string;
}

/** `rows`: where the alerts stand. */
export async function ownChecks(
  tx: Tx,
  rows: readonly StandingRow[],
  { origins, range }: AnswersAsked,
  byOrigin: boolean,
  policy: TriagePolicy,
): Promise<OwnChecks> {
  const listed = new Set(
    rows.filter(({ outcome }) => outcome === LISTED).map((row) => keyOf(row.origin, row.household_id)),
  );
  const standing = (await standingChecks(tx, origins, range, policy))
    .filter(({ origin, householdId }) => listed.has(keyOf(origin, householdId)))
    .sort((a, b) => a.origin - b.origin || a.householdId - b.householdId);
  const lines = standing.map(({ origin, householdId, answeredUpTo }) =>
    [...(byOrigin ? [origin] : []), householdId, answeredUpTo].join(':'),
  );
  return { standing, hash: lines.length === 0 ? '' : createHash('md5').update(lines.join(',')).digest('hex') };
}

/** All of them, and of the items that no check answers that none does: what was noted too much goes as well. */
export async function checksAgain(
  tx: Tx,
  { standing }: OwnChecks,
  { origins, range, township }: AnswersAsked,
): Promise<OutgoingMessage[]> {
  return checkMessages([...standing, ...(await itemsWithoutCheck(tx, origins, range))], township);
}

const keyOf = (origin: number, householdId: number): string => `${origin}/${householdId}`;
