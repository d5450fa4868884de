/** Shocks that this service has looked at households for: what was planned, under which policy, and what came of it. */
import type { DutyRange } from '@fangpin/domain-kit';
import { joiningSets, type Tx } from '@fangpin/persistence';
import type { Lane } from '@fangpin/policy';
import { findFanOuts, type FanOut, type FanOutState } from '../fan-out/fan-out.js';
import { ledgerOfShock } from '../ledger/ledger-of-shock.js';
import { isAllOf, ofSeveral, rowsOfArea } from '../ledger/ledger-rows.js';
import { sumOf, type LedgerCounts } from '../ledger/ledger-sql.js';

/** A shock of the past as one of its causes; `had` is the lane that it was in. */
export interface KnownShock extends Pick<
  FanOut,
  'origin' | 'shockId' | 'cause' | 'shockRevision' | 'policyVersion' | 'shock'
> {
  readonly state: FanOutState | 'not-alerted';
  readonly had: Lane;
}

/** The last revision of each shock that was planned, and has not been overtaken by a planned one. */
const LAST_PLANNED = `f.direction = 'raise' AND f.planned_at IS NOT NULL AND NOT EXISTS (
  SELECT FROM fan_outs later WHERE later.origin = f.origin AND later.shock_revision > f.shock_revision
    AND later.direction = 'raise' AND later.planned_at IS NOT NULL)`;

/** What was raised last was taken back since: the shock was called off, or left the alert lane. */
const RECALLED = `EXISTS (SELECT FROM fan_outs w
  WHERE w.origin = f.origin AND w.shock_revision > f.shock_revision AND w.direction = 'withdraw')`;

/** What open shocks are, as they stand now. */
export function openShocks(tx: Tx): Promise<KnownShock[]> {
  return alerted(
    tx,
    `${LAST_PLANNED} AND NOT ${RECALLED} AND EXISTS (SELECT FROM shocks s WHERE s.shock_id = o.shock_id AND s.state = 1)
     AND f.state IN ('running', 'done', 'awaiting-confirmation')`,
  );
}

export function shockById(tx: Tx, shockId: string): Promise<KnownShock[]> {
  return alerted(tx, `${LAST_PLANNED} AND o.shock_id = $1`, [shockId]);
}

/** Judged on a day or later (`YYYY-MM-DD`), without those that were called off: it had not happened, or not so. */
export function shocksSince(tx: Tx, day: string): Promise<KnownShock[]> {
  return alerted(tx, `${LAST_PLANNED} AND NOT ${RECALLED} AND f.judged_on >= $1`, [day]);
}

/** How many of a day or later alerted households and were called off. */
export async function recalledSince(tx: Tx, day: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(DISTINCT o.shock_id)::int AS n FROM fan_outs f JOIN origins o USING (origin)
     WHERE ${LAST_PLANNED} AND ${RECALLED} AND f.judged_on >= $1`,
    [day],
  );
  return row?.n ?? 0;
}

async function alerted(tx: Tx, where: string, values: readonly unknown[] = []): Promise<KnownShock[]> {
  return (await findFanOuts(tx, where, values)).map((fanOut) => ({ ...fanOut, had: 'alert' }));
}

/** The causes of each shock together, both in the order in which they came. */
export function byShock<T extends { readonly shockId: string | null }>(all: readonly T[]): [T, ...T[]][] {
  const shocks = new Map<string | null, [T, ...T[]]>();
  for (const one of all) {
    const causes = shocks.get(one.shockId);
    if (causes === undefined) shocks.set(one.shockId, [one]);
    else causes.push(one);
  }
  return [...shocks.values()];
}

export interface Done extends Omit<LedgerCounts, 'red' | 'orange' | 'yellow' | 'blue'> {
  readonly severities: Readonly<Record<'red' | 'orange' | 'yellow' | 'blue', number>>;
  /** Where the cases of its alerts stand by now, as far as anybody has taken a step. */
  readonly caseStates: Readonly<Record<string, number>>;
}

/** Cases behind answers to the origins $1, all of the cell. */
const CASES = `triage_answers t, unnest(t.household_ids, t.case_origins) AS pair (household_id, case_origin)
  JOIN case_states c ON c.case_origin = pair.case_origin AND c.household_id = pair.household_id`;
const CASE_STATES_SQL = `SELECT c.state, count(DISTINCT c.household_id)::int AS n FROM ${CASES}
  WHERE t.origin = ANY($1::bigint[]) GROUP BY c.state`;

/** … of the households that the ledger counts in an area: where the last of all alerts has them. */
const ofArea = rowsOfArea(ofSeveral);
const CASE_STATES_OF_AREA_SQL = `WITH ${ofArea.before}last AS (
  SELECT DISTINCT ON (a.household_id) a.household_id, a.duty_code FROM ${ofArea.alerts}
  ORDER BY a.household_id, a.revision DESC, a.origin
)
SELECT c.state, count(DISTINCT c.household_id)::int AS n FROM ${CASES} JOIN last ON last.household_id = c.household_id
WHERE ${ofArea.answers} AND ${ofArea.here('last.duty_code')} GROUP BY c.state`;

/**
 * What was really done about a shock in an area, by its origins (one a cause); in households, each once, where its last alert has it. Who has
 * moved is seen across areas, so the transaction is to be of the cell (ledger/ledger-rows.ts).
 */
export async function doneAbout(tx: Tx, origins: readonly number[], area: DutyRange): Promise<Done> {
  const { red, orange, yellow, blue, ...counts } = sumOf(await ledgerOfShock(tx, origins, area));
  const [sql, values] = isAllOf(tx, area)
    ? [CASE_STATES_SQL, [origins]]
    : [CASE_STATES_OF_AREA_SQL, [origins, area.lo, area.hi]];
  const states = await joiningSets(tx, () => tx.query<{ state: string; n: number }>(sql, values));
  const caseStates = Object.fromEntries(states.map(({ state, n }) => [state, n]));
  return { ...counts, severities: { red, orange, yellow, blue }, caseStates };
}
