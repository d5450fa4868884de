/** Where the alerts that came in have left rows before, and the lock on what is about to change. */
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import type { IncomingAlerts } from './incoming-alerts.js';
import { FIRST_ENDED_CODE } from '../cases/case-states.js';
import { checkItemStates } from '../check-items/check-item-states.js';
import { LEFT_CASE_CODES } from '../register/left-states.js';
import type { KnownOrigins } from './triage-refs.js';
import { standingPlace, type Check, type EndedCase, type KnownAlert } from './triage-decision.js';

const NO_RISK = checkItemStates['no-risk'].code;

interface AlertRow {
  place: 'opened' | 'attached' | 'item' | 'withdrawal';
  origin: number;
  household_id: number;
  alert_revision: number;
  outcome: number;
  state: number;
  acted: boolean;
  case_origin: number;
  /** As the row knows the alert. */
  severity: number;
  checked_severity: number | null;
  /** Of a case that has ended the dismissal, of an item the check that answers for it. */
  last_check: (Check & { readonly revision: number }) | null;
  [column: string]: unknown;
}

/** Households of one range that is asked for at once, before its households are asked for one by one. */
const RANGE = 200;

// New alerts come in order of household, so that a range of them that holds no row yet needs one look and not four a household.
const RANGES_WITH_ROWS = `
  SELECT n::int AS n FROM unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY AS range (lo, hi, n)
   WHERE EXISTS (SELECT FROM cases WHERE case_origin = $1 AND household_id BETWEEN lo AND hi)
      OR EXISTS (SELECT FROM case_alerts WHERE origin = $1 AND household_id BETWEEN lo AND hi)
      OR EXISTS (SELECT FROM check_items WHERE origin = $1 AND household_id BETWEEN lo AND hi)
      OR EXISTS (SELECT FROM withdrawals WHERE origin = $1 AND household_id BETWEEN lo AND hi)`;

type Asked = (origin: string, household: string) => string;

const checkOf = (origin: string, household: string, which: string): string => `(
  SELECT CASE WHEN r.result = ${NO_RISK} THEN json_build_object(
           'severity', r.severity, 'checkedOn', to_char(r.checked_on, 'YYYY-MM-DD'), 'revision', r.revision,
           'asksAgainFrom', r.asks_again_from) END
    FROM check_results r WHERE r.origin = ${origin} AND r.household_id = ${household} ${which} ORDER BY r.revision DESC LIMIT 1)`;
// What ended the case is the last that was found of the alert.
const dismissal = (of: string, origin: string): string =>
  `CASE WHEN ${of}.state >= ${FIRST_ENDED_CODE} THEN ${checkOf(origin, `${of}.household_id`, '')} END`;

// Each arm is one descent of a primary key over sorted households: close to nothing where none is found.
const known = (asked: Asked): string => `
  SELECT 'opened' AS place, case_origin AS origin, household_id, alert_revision, alert_outcome AS outcome, state, acted,
         case_origin, alert_severity AS severity, NULL::smallint AS checked_severity, ${dismissal('c', 'c.case_origin')} AS last_check
    FROM cases c WHERE ${asked('case_origin', 'household_id')}
  UNION ALL
  SELECT 'attached', a.origin, a.household_id, a.alert_revision, a.outcome, c.state, c.acted, a.case_origin, a.severity, NULL,
         ${dismissal('c', 'a.origin')}
    FROM case_alerts a JOIN cases c ON c.case_origin = a.case_origin AND c.household_id = a.household_id
   WHERE ${asked('a.origin', 'a.household_id')}
  UNION ALL
  SELECT 'item', origin, household_id, alert_revision, outcome, state, remembered_origin IS NOT NULL, 0, severity, checked_severity,
         CASE WHEN state = ${NO_RISK}
           THEN ${checkOf('coalesce(i.remembered_origin, i.origin)', 'i.household_id', `AND r.result = ${NO_RISK}`)} END
    FROM check_items i WHERE ${asked('origin', 'household_id')}
  UNION ALL
  SELECT 'withdrawal', origin, household_id, alert_revision, 0, 0, false, 0, 0, NULL, NULL
    FROM withdrawals WHERE ${asked('origin', 'household_id')}`;

const KNOWN = known((origin, household) => `${origin} = $1 AND ${household} = ANY($2::bigint[])`);
const KNOWN_OF_PAIRS = known(
  (origin, household) => `(${origin}, ${household}) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[]))`,
);

/** Origins with no more alerts than this are asked for together: a department's finding is an origin of one household. */
const FEW = 8;

/** By position of the alert in `incoming`; only alerts that have rows. Rows that a newer revision will change are locked. */
export async function loadKnownAlerts(
  tx: Tx,
  incoming: IncomingAlerts,
  knownOrigins: KnownOrigins,
): Promise<Map<number, KnownAlert>> {
  const found = new Map<number, KnownAlert>();
  const pairs: [number[], number[]] = [[], []];
  for (const [origin, alerts] of incoming.byOrigin) {
    if (!knownOrigins.has(origin)) continue;
    const { sorted } = alerts;
    if (sorted.length <= FEW) {
      for (const household of sorted) {
        pairs[0].push(origin);
        pairs[1].push(household);
      }
      continue;
    }
    const households = await perhapsKnown(tx, origin, sorted);
    if (households.length === 0) continue;
    for (const row of await tx.query<AlertRow>(KNOWN, [origin, arrayLiteral(households)]))
      note(found, incoming, knownOrigins, row);
  }
  if (pairs[0].length > 0)
    for (const row of await tx.query<AlertRow>(KNOWN_OF_PAIRS, pairs)) note(found, incoming, knownOrigins, row);
  if (found.size > 0) await lockWhatChanges(tx, incoming, found);
  return found;
}

/** The households, in order, that lie in a range in which the origin has any row. */
async function perhapsKnown(tx: Tx, origin: number, households: Float64Array): Promise<number[]> {
  const ranges: Float64Array[] = [];
  for (let from = 0; from < households.length; from += RANGE) ranges.push(households.subarray(from, from + RANGE));
  const rows = await tx.query<{ n: number }>(RANGES_WITH_ROWS, [
    origin,
    arrayLiteral(ranges.map((range) => range[0] as number)),
    arrayLiteral(ranges.map((range) => range[range.length - 1] as number)),
  ]);
  return rows
    .map(({ n }) => n)
    .sort((a, b) => a - b)
    .flatMap((n) => [...(ranges[n - 1] as Float64Array)]);
}

function note(
  found: Map<number, KnownAlert>,
  incoming: IncomingAlerts,
  knownOrigins: KnownOrigins,
  row: AlertRow,
): void {
  const alert = incoming.byOrigin.get(row.origin)?.positionOf(row.household_id) as number;
  let entry = found.get(alert);
  if (entry === undefined) found.set(alert, (entry = {}));
  const { alert_revision: alertRevision, outcome, acted, last_check: check } = row;
  const ended =
    row.state < FIRST_ENDED_CODE
      ? undefined
      : { severity: row.severity, check, left: LEFT_CASE_CODES.includes(row.state) };
  const asksAgainFrom = knownOrigins.get(row.origin) ?? null;
  if (row.place === 'opened') entry.opened = { alertRevision, outcome, acted, asksAgainFrom, ended };
  else if (row.place === 'attached')
    entry.attached = { alertRevision, outcome, acted, asksAgainFrom, ended, caseOrigin: row.case_origin };
  else if (row.place === 'withdrawal') entry.withdrawal = { alertRevision };
  else
    entry.item = {
      alertRevision,
      outcome,
      state: row.state,
      checkedSeverity: row.checked_severity,
      checkedOn: check?.checkedOn ?? null,
      asksAgainFrom: check === null ? asksAgainFrom : check.asksAgainFrom,
      remembered: acted,
    };
}

/**
 * Officers work on the same rows over HTTP. Whether one has acted is read again under the lock, in one order for all, so
 * that a recall never drops what somebody has just begun.
 */
async function lockWhatChanges(tx: Tx, incoming: IncomingAlerts, known: Map<number, KnownAlert>): Promise<void> {
  const cases = new KeyList<NonNullable<KnownAlert['opened']>>();
  const items = new KeyList<NonNullable<KnownAlert['item']>>();
  for (const [alert, entry] of known) {
    if (incoming.headOf(alert).revision <= (standingPlace(entry)?.alertRevision ?? 0)) continue;
    const { origin } = incoming.headOf(alert);
    const household = incoming.household[alert] as number;
    if (entry.opened !== undefined) cases.add(origin, household, entry.opened);
    if (entry.attached !== undefined) cases.add(entry.attached.caseOrigin, household, entry.attached);
    if (entry.item !== undefined) items.add(origin, household, entry.item);
  }
  if (cases.size > 0)
    for (const row of await tx.query<{
      origin: number;
      household_id: number;
      acted: boolean;
      state: number;
      severity: number;
    }>(
      `SELECT case_origin AS origin, household_id, acted, state, severity FROM cases
        WHERE (case_origin, household_id) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[]))
        ORDER BY household_id, case_origin FOR UPDATE`,
      cases.columns,
    ))
      for (const entry of cases.at(row.origin, row.household_id)) {
        entry.acted = row.acted;
        entry.ended = endedNow(entry.ended, row);
      }
  if (items.size > 0)
    for (const row of await tx.query<{
      origin: number;
      household_id: number;
      state: number;
      checked_severity: number | null;
    }>(
      `SELECT origin, household_id, state, checked_severity FROM check_items
        WHERE (origin, household_id) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[]))
        ORDER BY household_id, origin FOR UPDATE`,
      items.columns,
    ))
      for (const entry of items.at(row.origin, row.household_id)) {
        entry.state = row.state;
        entry.checkedSeverity = row.checked_severity;
      }
}

/** One that somebody has ended since it was read answers for what it knew; the next revision finds how it ended. */
function endedNow(
  before: EndedCase | undefined,
  { state, severity }: { readonly state: number; readonly severity: number },
): EndedCase | undefined {
  return state < FIRST_ENDED_CODE
    ? undefined
    : (before ?? { severity, check: null, left: LEFT_CASE_CODES.includes(state) });
}

/** Keys of rows with what stands behind them in memory; several alerts may share a case. */
class KeyList<Entry> {
  private readonly entries = new Map<string, Entry[]>();
  readonly columns: [number[], number[]] = [[], []];

  get size(): number {
    return this.entries.size;
  }

  add(origin: number, household: number, entry: Entry): void {
    const key = `${origin}/${household}`;
    const there = this.entries.get(key);
    if (there !== undefined) return void there.push(entry);
    this.entries.set(key, [entry]);
    this.columns[0].push(origin);
    this.columns[1].push(household);
  }

  at(origin: number, household: number): readonly Entry[] {
    return this.entries.get(`${origin}/${household}`) ?? [];
  }
}
