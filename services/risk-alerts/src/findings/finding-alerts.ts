/** Alert revisions of findings, set by set: the row of each, and beside it the finding that it rests on. */
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { flatInputs, RAISED, WITHDRAWN } from '../fan-out/alert-rows.js';
import type { Verdict } from '../loss/household.js';
import type { LastFindingAlert } from './decide-finding.rule.js';
import type { KnownHousehold } from './found-households.js';
import { storedFinding, type NotedFinding } from './noted-finding.js';
import type { FindingAlert } from './finding-messages.js';

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

/**
 * The last alert of every household and cause that these findings have raised, by finding. One origin after the other, each by
 * its key (OFFSET 0): as a join of sets, row security lets the planner compare each with each.
 */
export async function lastFindingAlerts(
  tx: Tx,
  findingIds: readonly string[],
): Promise<ReadonlyMap<string, readonly LastFindingAlert[]>> {
  if (findingIds.length === 0) return new Map();
  const origins = await tx.query<{ origin: number }>('SELECT origin FROM origins WHERE finding_id = ANY($1::uuid[])', [
    findingIds,
  ]);
  const rows = await tx.query<{
    origin: number;
    household_id: number;
    duty_code: number;
    revision: number;
    state: number;
    severity: number;
    finding: Buffer;
  }>(
    `SELECT last.*, a.duty_code, a.state, a.severity
     FROM unnest($1::bigint[]) AS o (origin)
       CROSS JOIN LATERAL (
         SELECT DISTINCT ON (l.household_id) l.origin, l.household_id, l.revision, l.finding FROM finding_alert_log l
         WHERE l.origin = o.origin ORDER BY l.household_id, l.revision DESC) AS last
       CROSS JOIN LATERAL (
         SELECT duty_code, state, severity FROM alerts
         WHERE origin = last.origin AND household_id = last.household_id AND revision = last.revision OFFSET 0) AS a`,
    [arrayLiteral(origins.map(({ origin }) => origin))],
  );
  const alerts = rows.map(({ household_id: householdId, duty_code: dutyCode, finding, ...row }) => {
    const { facts } = storedFinding(finding);
    return { ...row, householdId, dutyCode, facts };
  });
  return Map.groupBy(alerts, ({ facts }) => facts.findingId);
}

export async function insertRaised(
  tx: Tx,
  sliceNo: number,
  raised: readonly RaisedFinding[],
  policyVersion: string,
): Promise<FindingAlert[]> {
  if (raised.length === 0) return [];
  const numbers = (of: (one: RaisedFinding) => number): string => arrayLiteral(raised.map(of));
  const keys = [
    numbers(({ finding }) => finding.origin),
    numbers(({ household }) => household.householdId),
    numbers(({ revision }) => revision),
    numbers(({ household }) => household.dutyCode),
  ];
  await tx.execute(
    `INSERT INTO alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen,
       per_capita_fen, projected_fen, persons, state, severity, reasons, inputs, wage_fen_per_worker)
     SELECT origin, household_id, revision, duty_code, $5, low, middle, high, per_capita, projected, persons, ${RAISED}, severity,
       reasons, inputs::bigint[], wage
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
                 $9::bigint[], $10::bigint[], $11::int[], $12::smallint[], $13::smallint[], $14::text[], $15::bigint[])
       AS v (origin, household_id, revision, duty_code, low, middle, high, per_capita, projected, persons, severity, reasons,
             inputs, wage)`,
    [
      ...keys,
      sliceNo,
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
    ],
  );
  await tx.execute(
    `INSERT INTO finding_alert_log (origin, household_id, revision, duty_code, policy_version, watched, only_dwelling, finding)
     SELECT origin, household_id, revision, duty_code, $5, watched, only_dwelling, finding
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $6::boolean[], $7::boolean[], $8::bytea[])
       AS v (origin, household_id, revision, duty_code, watched, only_dwelling, finding)`,
    [
      ...keys,
      policyVersion,
      raised.map(({ household }) => household.watched),
      raised.map(({ household }) => household.onlyDwelling),
      raised.map(({ finding }) => finding.bytes),
    ],
  );
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

/** The alerts of a slice of findings as they are stored, in order of household. */
export async function storedFindingAlerts(
  tx: Tx,
  sliceNo: number,
  origins: readonly number[],
): Promise<FindingAlert[]> {
  const rows = await tx.query<
    Omit<FindingAlert, 'facts'> & { readonly finding: Buffer; readonly [column: string]: unknown }
  >(
    `SELECT a.origin, a.household_id AS "householdId", a.duty_code AS "dutyCode", a.revision, a.state, a.persons, a.severity,
       a.loss_fen AS "lossFen", a.projected_fen AS "projectedFen", a.reasons, l.policy_version AS "policyVersion", l.finding
     FROM unnest($1::bigint[]) AS o (origin)
       CROSS JOIN LATERAL (SELECT * FROM alerts WHERE origin = o.origin AND slice_no = $2 OFFSET 0) AS a
       CROSS JOIN LATERAL (
         SELECT policy_version, finding FROM finding_alert_log
         WHERE origin = a.origin AND household_id = a.household_id AND revision = a.revision OFFSET 0) AS l
     ORDER BY a.household_id, a.origin, a.revision`,
    [arrayLiteral(origins), sliceNo],
  );
  return rows.map(({ finding, ...row }) => ({ ...row, facts: storedFinding(finding).facts }));
}
