/** Inserts alert revisions of findings, set by set: the row of each, and beside it the finding that it rests on. */
import { arrayLiteral, prepared, type Tx } from '@fangpin/persistence';
import { flatInputs, RAISED, WITHDRAWN } from '../fan-out/alert-rows.js';
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

// One statement: a single finding is waited for, and each more is a way to the database and back.
const INSERT_RAISED = prepared(
  `WITH raised AS (
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
                          $10::bigint[], $11::bigint[], $12::int[], $13::smallint[], $14::smallint[], $15::text[], $16::bigint[],
                          $17::boolean[], $18::boolean[], $19::bytea[])
       AS v (origin, household_id, revision, duty_code, low, middle, high, per_capita, projected, persons, severity, reasons,
             inputs, wage, watched, only_dwelling, finding)
   ), alerted AS (
     INSERT INTO alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen,
       per_capita_fen, projected_fen, persons, state, severity, reasons, inputs, wage_fen_per_worker)
     SELECT origin, household_id, revision, duty_code, $5, low, middle, high, per_capita, projected, persons, ${RAISED},
       severity, reasons, inputs::bigint[], wage FROM raised
   )
   INSERT INTO finding_alert_log (origin, household_id, revision, duty_code, policy_version, watched, only_dwelling, finding)
   SELECT origin, household_id, revision, duty_code, $6, watched, only_dwelling, finding FROM raised`,
);

export async function insertRaised(
  tx: Tx,
  sliceNo: number,
  raised: readonly RaisedFinding[],
  policyVersion: string,
): Promise<FindingAlert[]> {
  if (raised.length === 0) return [];
  const numbers = (of: (one: RaisedFinding) => number): string => arrayLiteral(raised.map(of));
  await tx.execute(INSERT_RAISED, [
    numbers(({ finding }) => finding.origin),
    numbers(({ household }) => household.householdId),
    numbers(({ revision }) => revision),
    numbers(({ household }) => household.dutyCode),
    sliceNo,
    policyVersion,
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
  ]);
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
