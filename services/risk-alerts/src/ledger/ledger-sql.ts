/**
 * The ledger of a fan-out, counted from distinct household ids and never from counters (architecture §4.8):
 * exposed = alerted + withheld; alerted = published = opened + attached + listed + parked.
 */
import { TriageOutcome } from '@fangpin/contracts';
import type { DutyRange } from '@fangpin/domain-kit';
import { joiningSets, type Tx } from '@fangpin/persistence';
import { RAISED, WITHDRAWN } from '../fan-out/alert-rows.js';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import { allRows, isAllOf, ofOne, rowsOfArea, type LedgerRows } from './ledger-rows.js';

export interface LedgerCounts {
  readonly exposed: number;
  /** Households with an alert, now or before it was withdrawn. */
  readonly alerted: number;
  readonly withheld: number;
  /** Alerted households whose alert the bus has acknowledged. */
  readonly published: number;
  readonly casesOpened: number;
  readonly casesAttached: number;
  readonly listed: number;
  readonly parked: number;
  /** Of the alerted, those whose last alert is withdrawn, and what became of them. */
  readonly withdrawn: number;
  readonly dropped: number;
  readonly flagged: number;
  /** Of the alerted, those whose last alert stands, by its severity. */
  readonly red: number;
  readonly orange: number;
  readonly yellow: number;
  readonly blue: number;
}

export interface TownshipCounts extends LedgerCounts {
  readonly township: number;
}

const answered = (outcome: TriageOutcome): string => `count(*) FILTER (WHERE taken.outcome = ${outcome})::int`;
const standing = (level: number): string =>
  `count(*) FILTER (WHERE last.state = ${RAISED} AND severity = ${level})::int`;

/** Of the sets `alerted` and `held`, whatever they were counted over. */
export const FIGURES_BY_TOWNSHIP = `SELECT coalesce(alerted.township, held.township) AS township,
  coalesce(alerted, 0) + coalesce(withheld, 0) AS exposed, coalesce(alerted, 0) AS alerted, coalesce(withheld, 0) AS withheld,
  coalesce(published, 0) AS published, coalesce("casesOpened", 0) AS "casesOpened",
  coalesce("casesAttached", 0) AS "casesAttached", coalesce(listed, 0) AS listed, coalesce(parked, 0) AS parked,
  coalesce(withdrawn, 0) AS withdrawn, coalesce(dropped, 0) AS dropped, coalesce(flagged, 0) AS flagged,
  coalesce(red, 0) AS red, coalesce(orange, 0) AS orange, coalesce(yellow, 0) AS yellow, coalesce(blue, 0) AS blue
FROM alerted FULL JOIN held ON held.township = alerted.township
ORDER BY 1`;

const ledgerSql = (rows: LedgerRows): string => `
WITH ${rows.before}last AS (
  SELECT household_id, duty_code / ${TOWNSHIP_SPAN} AS township, state, severity FROM (
    SELECT DISTINCT ON (a.household_id) a.household_id, a.duty_code, a.state, a.severity
    FROM ${rows.alerts} ORDER BY a.household_id, a.revision DESC) AS l
  WHERE ${rows.here('duty_code')}
), sent AS (
  SELECT DISTINCT a.household_id FROM (SELECT a.* FROM ${rows.alerts}) AS a JOIN slices s USING (slice_no)
  WHERE s.state = 'published' AND a.state = ${RAISED}
), answers AS (
  SELECT t.alert_revision, t.answer_no, pair.household_id, pair.outcome
  FROM triage_answers t, unnest(t.household_ids, t.outcomes) AS pair (household_id, outcome) WHERE ${rows.answers}
), taken AS (
  SELECT DISTINCT ON (household_id) household_id, outcome FROM answers WHERE outcome <= ${TriageOutcome.PARKED}
  ORDER BY household_id, alert_revision DESC, answer_no DESC
), given_back AS (
  SELECT DISTINCT ON (household_id) household_id, outcome FROM answers WHERE outcome > ${TriageOutcome.PARKED}
  ORDER BY household_id, alert_revision DESC, answer_no DESC
), alerted AS (
  SELECT last.township, count(*)::int AS alerted,
    count(*) FILTER (WHERE sent.household_id IS NOT NULL)::int AS published,
    count(*) FILTER (WHERE last.state = ${WITHDRAWN})::int AS withdrawn,
    count(*) FILTER (WHERE last.state = ${WITHDRAWN} AND given_back.outcome = ${TriageOutcome.DROPPED})::int AS dropped,
    count(*) FILTER (WHERE last.state = ${WITHDRAWN} AND given_back.outcome = ${TriageOutcome.FLAGGED})::int AS flagged,
    ${answered(TriageOutcome.OPENED)} AS "casesOpened",
    ${answered(TriageOutcome.ATTACHED)} AS "casesAttached",
    -- A withdrawal that overtook its alert (resent after a crash) is answered alone: the alert was for the list, and dropped at once.
    count(*) FILTER (WHERE taken.outcome = ${TriageOutcome.LISTED}
      OR (taken.outcome IS NULL AND given_back.outcome = ${TriageOutcome.DROPPED}))::int AS listed,
    ${answered(TriageOutcome.PARKED)} AS parked,
    ${standing(4)} AS red, ${standing(3)} AS orange, ${standing(2)} AS yellow, ${standing(1)} AS blue
  FROM last LEFT JOIN sent USING (household_id) LEFT JOIN taken USING (household_id) LEFT JOIN given_back USING (household_id)
  GROUP BY last.township
), held AS (
  SELECT w.duty_code / ${TOWNSHIP_SPAN} AS township, count(DISTINCT id)::int AS withheld
  FROM withheld w, unnest(w.household_ids) AS id
  WHERE ${rows.withheld} AND ${rows.neverAlerted('last')}
  GROUP BY 1
)
${FIGURES_BY_TOWNSHIP}`;

const LEDGER_SQL = ledgerSql(allRows(ofOne));
const LEDGER_OF_AREA_SQL = ledgerSql(rowsOfArea(ofOne));

/** Counts by township: of all that the transaction sees, which is to be the cell, or of an area within it (ledger-rows.ts). */
export function ledgerOf(tx: Tx, origin: number, area: DutyRange = tx.scope): Promise<TownshipCounts[]> {
  const [sql, values] = isAllOf(tx, area) ? [LEDGER_SQL, [origin]] : [LEDGER_OF_AREA_SQL, [origin, area.lo, area.hi]];
  return joiningSets(tx, () => tx.query<TownshipCounts & Record<string, unknown>>(sql, values));
}

export function sumOf(rows: readonly LedgerCounts[]): LedgerCounts {
  const sum = (key: keyof LedgerCounts): number => rows.reduce((total, row) => total + row[key], 0);
  return {
    exposed: sum('exposed'),
    alerted: sum('alerted'),
    withheld: sum('withheld'),
    published: sum('published'),
    casesOpened: sum('casesOpened'),
    casesAttached: sum('casesAttached'),
    listed: sum('listed'),
    parked: sum('parked'),
    withdrawn: sum('withdrawn'),
    dropped: sum('dropped'),
    flagged: sum('flagged'),
    red: sum('red'),
    orange: sum('orange'),
    yellow: sum('yellow'),
    blue: sum('blue'),
  };
}

/** Whether every alerted household was published and answered, and every withdrawn one given back. */
export function addsUp(counts: LedgerCounts): boolean {
  const { alerted, published, casesOpened, casesAttached, listed, parked } = counts;
  return (
    counts.exposed === alerted + counts.withheld &&
    alerted === published &&
    published === casesOpened + casesAttached + listed + parked &&
    counts.withdrawn === counts.dropped + counts.flagged
  );
}
