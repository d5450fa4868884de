/**
 * How the own rows add up, to be compared with what risk-alerts holds: by township where a question is about a shock, over all that are named where
 * it is about findings. A shock is read once for all of its townships that are asked about together, and never as rows.
 */
import { createHash, type Hash } from 'node:crypto';
import { regionOfDuty } from '@fangpin/domain-kit';
import { joiningSets, type Tx } from '@fangpin/persistence';
import { pageOfChecks, standingChecks } from '../check-items/standing-checks.js';
import { LAST_ROWS, placesOf, townshipOf, within } from '../triage/last-rows.js';
import { LISTED } from '../triage/outcome.js';
import type { TriagePolicy } from '../triage/triage-policy.js';

export interface OwnTally {
  readonly households: number;
  /** As the contract has it (AnswerTally.hash). */
  readonly hash: string;
  readonly checks: number;
  /** As the contract has it (AnswerTally.checks_hash). */
  readonly checksHash: string;
}

export const NOTHING: OwnTally = { households: 0, hash: '', checks: 0, checksHash: '' };

// Outcomes up to listed stand.
const tallied = (line: string, order: string): string =>
  `count(*)::int AS households, md5(string_agg(${line} || ':' || alert_revision || ':' || CASE WHEN outcome <= ${LISTED} THEN 0 ELSE 1 END, ','
     ORDER BY ${order})) AS hash`;

const BY_TOWNSHIP = `
  SELECT (${townshipOf('duty_code')})::text AS township, ${tallied('household_id', 'household_id')}
    FROM (${LAST_ROWS}) AS s WHERE ${within('duty_code')} GROUP BY 1`;

const OF_ALL = `
  SELECT ${tallied(`origin || ':' || household_id`, 'origin, household_id')} FROM (${LAST_ROWS}) AS s WHERE ${within('duty_code')}`;

/** Checks of a shock are read by so many. */
const PAGE = 5_000;

interface TalliedRow extends Record<string, unknown> {
  readonly township: string;
  readonly households: number;
  readonly hash: string | null;
}

/** By township; one without rows is absent. `withChecks`: also what checks answer for. */
export async function talliesOfOrigin(
  tx: Tx,
  origin: number,
  townships: readonly string[],
  withChecks: boolean,
  policy: TriagePolicy,
): Promise<ReadonlyMap<string, OwnTally>> {
  const numbers = townships.map(Number);
  await tx.execute(`SET LOCAL work_mem = '32MB'`);
  const values = placesOf({ origins: [origin], townships: numbers });
  const rows = await joiningSets(tx, () => tx.query<TalliedRow>(BY_TOWNSHIP, values));
  const checks = withChecks ? await checksByTownship(tx, origin, numbers, policy) : new Map<string, Lines>();
  return new Map(
    rows.map(({ township, households, hash }) => {
      const lines = checks.get(township);
      const ofChecks = { checks: lines?.count ?? 0, checksHash: lines?.digest() ?? '' };
      return [township, { households, hash: hash ?? '', ...ofChecks }];
    }),
  );
}

/** Of findings or joint alerts, wherever their households live. */
export async function tallyOfFindings(
  tx: Tx,
  origins: readonly number[],
  withChecks: boolean,
  policy: TriagePolicy,
): Promise<OwnTally> {
  const asked = { origins, townships: null };
  const [row] = await tx.query<TalliedRow>(OF_ALL, placesOf(asked));
  const lines = new Lines();
  if (withChecks)
    for (const { origin, householdId, answeredUpTo } of await standingChecks(tx, asked, policy))
      lines.add(`${origin}:${householdId}:${answeredUpTo}`);
  return { households: row?.households ?? 0, hash: row?.hash ?? '', checks: lines.count, checksHash: lines.digest() };
}

async function checksByTownship(
  tx: Tx,
  origin: number,
  townships: readonly number[],
  policy: TriagePolicy,
): Promise<Map<string, Lines>> {
  const found = new Map<string, Lines>();
  for (let after = -1; ;) {
    const page = await pageOfChecks(tx, { origin, townships, after }, PAGE, policy);
    for (const { dutyCode, householdId, answeredUpTo } of page) {
      const township = regionOfDuty(dutyCode, 'township');
      const lines = found.get(township) ?? new Lines();
      found.set(township, lines);
      lines.add(`${householdId}:${answeredUpTo}`);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return found;
    after = last.householdId;
  }
}

/** The hash over lines that are not kept. */
class Lines {
  count = 0;
  readonly #hash: Hash = createHash('md5');

  add(line: string): void {
    this.#hash.update(this.count === 0 ? line : `,${line}`);
    this.count += 1;
  }

  /** Empty where there is none. Nothing can be added after it. */
  digest(): string {
    return this.count === 0 ? '' : this.#hash.digest('hex');
  }
}
