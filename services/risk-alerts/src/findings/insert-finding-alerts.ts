/** Inserts alert revisions of findings, set by set: the row of each, and beside it the finding that it rests on. */
import type { AlertLane } from '@fangpin/contracts';
import { arrayLiteral, prepared, type Tx } from '@fangpin/persistence';
import { flatInputs, RAISED, WITHDRAWN } from '../fan-out/alert-rows.js';
import { townshipOf } from '../fan-out/township.js';
import type { Verdict } from '../loss/household.js';
import type { LastFindingAlert } from './decide-finding.rule.js';
import { storedFindingAlerts } from './finding-alerts.js';
import type { FindingAlert } from './finding-messages.js';
import type { KnownHousehold } from './found-households.js';
import type { NotedFinding } from './noted-finding.js';

export interface RaisedFinding {
  readonly finding: NotedFinding;
  readonly household: KnownHousehold;
  readonly verdict: Verdict;
  readonly revision: number;
}

export interface WithdrawnFinding {
  readonly alert: LastFindingAlert;
  readonly revision: number;
}

/** What is said once of a slice. */
export interface FindingSlice {
  readonly lane: AlertLane;
  readonly raised: readonly RaisedFinding[];
  readonly withdrawn: readonly WithdrawnFinding[];
  readonly policyVersion: string;
  /** The policy is one that an officer applies backwards. */
  readonly backwards: boolean;
  readonly storedAt: Date;
}

// One statement, with what stands behind the alerts: a single finding is waited for, and each more is a way to the database and back.
const INSERT_SLICE = prepared(
  `WITH raised AS (
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                          $8::bigint[], $9::bigint[], $10::int[], $11::smallint[], $12::smallint[], $13::text[], $14::bigint[],
                          $15::boolean[], $16::boolean[], $17::bytea[], $18::uuid[], $19::text[])
       AS v (origin, household_id, revision, duty_code, low, middle, high, per_capita, projected, persons, severity, reasons,
             inputs, wage, watched, only_dwelling, finding, finding_id, cause)
   ), known AS (
     INSERT INTO origins (origin, finding_id, cause) SELECT origin, finding_id, cause FROM raised
     ON CONFLICT (finding_id, cause) DO NOTHING
   ), slice AS (
     INSERT INTO slices (direction, lane, origins, townships, state, alerted, stored_at, applied_backwards)
     VALUES ('findings', $21, $22::bigint[], $23::bigint[], 'stored', $24, $25, $26) RETURNING slice_no
   ), alerted AS (
     INSERT INTO alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen,
       per_capita_fen, projected_fen, persons, state, severity, reasons, inputs, wage_fen_per_worker)
     SELECT origin, household_id, revision, duty_code, slice_no, low, middle, high, per_capita, projected, persons, ${RAISED},
       severity, reasons, inputs::bigint[], wage FROM raised, slice
   ), logged AS (
     INSERT INTO finding_alert_log (origin, household_id, revision, duty_code, policy_version, watched, only_dwelling, finding)
     SELECT origin, household_id, revision, duty_code, $20, watched, only_dwelling, finding FROM raised
   )
   SELECT slice_no FROM slice`,
);

/**
 * A slice with its raised alerts, and the origins that are new: one that stands for something else already is refused, for ids made
 * of it would clash. Withdrawn alerts are counted; {@link insertWithdrawn} stores them.
 */
export async function insertSlice(tx: Tx, slice: FindingSlice): Promise<number> {
  const { raised, withdrawn } = slice;
  const numbers = (of: (one: RaisedFinding) => number): string => arrayLiteral(raised.map(of));
  const origins = [...raised.map(({ finding }) => finding.origin), ...withdrawn.map(({ alert }) => alert.origin)];
  const places = [...raised.map(({ household }) => household), ...withdrawn.map(({ alert }) => alert)];
  const [row] = await tx.query<{ slice_no: number }>(INSERT_SLICE, [
    numbers(({ finding }) => finding.origin),
    numbers(({ household }) => household.householdId),
    numbers(({ revision }) => revision),
    numbers(({ household }) => household.dutyCode),
    numbers(({ verdict }) => verdict.loss.low),
    numbers(({ verdict }) => verdict.loss.middle),
    numbers(({ verdict }) => verdict.loss.high),
    raised.map(({ household }) => household.perCapitaFen),
    raised.map(({ verdict }) => verdict.projectedFen),
    numbers(({ household }) => household.persons),
    numbers(({ verdict }) => verdict.severity),
    numbers(({ verdict }) => verdict.reasons),
    raised.map(({ household }) => arrayLiteral(flatInputs([], household))),
    raised.map(({ household }) => household.wageFenPerWorker ?? null),
    raised.map(({ household }) => household.watched),
    raised.map(({ household }) => household.onlyDwelling),
    raised.map(({ finding }) => finding.bytes),
    raised.map(({ finding }) => finding.facts.findingId),
    raised.map(({ finding }) => finding.facts.kind.cause),
    slice.policyVersion,
    slice.lane,
    arrayLiteral([...new Set(origins)]),
    arrayLiteral([...new Set(places.map(({ dutyCode }) => townshipOf(dutyCode)))]),
    origins.length,
    slice.storedAt,
    slice.backwards,
  ]);
  return (row as { slice_no: number }).slice_no;
}

/** Raised alerts as they are said: what was stored, from memory. */
export function raisedAlerts({ raised, policyVersion }: FindingSlice): FindingAlert[] {
  return raised.map(({ finding, household, verdict, revision }) => ({
    origin: finding.origin,
    revision,
    state: RAISED,
    facts: finding.facts,
    policyVersion,
    householdId: household.householdId,
    dutyCode: household.dutyCode,
    persons: household.persons,
    severity: verdict.severity,
    lossFen: verdict.loss.middle,
    projectedFen: verdict.projectedFen,
    reasons: verdict.reasons,
  }));
}

/** A withdrawn revision keeps the figures, the finding and the policy of the one that it takes back. */
export async function insertWithdrawn(
  tx: Tx,
  sliceNo: number,
  withdrawn: readonly WithdrawnFinding[],
): Promise<FindingAlert[]> {
  if (withdrawn.length === 0) return [];
  const keys = [
    arrayLiteral(withdrawn.map(({ alert }) => alert.origin)),
    arrayLiteral(withdrawn.map(({ alert }) => alert.householdId)),
    arrayLiteral(withdrawn.map(({ alert }) => alert.revision)),
    arrayLiteral(withdrawn.map(({ revision }) => revision)),
  ];
  await tx.execute(
    `INSERT INTO alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen,
       per_capita_fen, projected_fen, persons, state, severity, reasons, inputs, wage_fen_per_worker)
     SELECT origin, household_id, k.next, duty_code, $5, loss_low_fen, loss_fen, loss_high_fen, per_capita_fen, projected_fen,
       persons, ${WITHDRAWN}, severity, reasons, inputs, wage_fen_per_worker
     FROM alerts a JOIN unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS k (origin, household_id, revision, next)
       USING (origin, household_id, revision)`,
    [...keys, sliceNo],
  );
  await tx.execute(
    `INSERT INTO finding_alert_log (origin, household_id, revision, duty_code, policy_version, watched, only_dwelling, finding)
     SELECT origin, household_id, k.next, duty_code, policy_version, watched, only_dwelling, finding
     FROM finding_alert_log l
       JOIN unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS k (origin, household_id, revision, next)
       USING (origin, household_id, revision)`,
    keys,
  );
  return storedFindingAlerts(
    tx,
    sliceNo,
    withdrawn.map(({ alert }) => alert.origin),
  );
}
