/** Reads alerts of findings: how they stand, and as a slice has stored them. */
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import type { PolicyVersions } from '../policy/policy-versions.js';
import type { LastFindingAlert } from './decide-finding.rule.js';
import { paidFen } from './finding-facts.js';
import type { FindingAlert } from './finding-messages.js';
import { storedFinding } from './noted-finding.js';

/**
 * The last alert of every household and cause that these findings have raised, by finding. One origin after the other, each by
 * its key (OFFSET 0): as a join of sets, row security lets the planner compare each with each.
 */
export async function lastFindingAlerts(
  tx: Tx,
  findingIds: readonly string[],
  policies: PolicyVersions,
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
    persons: number;
    perCapitaFen: number | null;
    lossFen: number;
    policyVersion: string;
    finding: Buffer;
    told: Buffer[];
  }>(
    `SELECT last.*, a.duty_code, a.state, a.severity, a.persons, a.per_capita_fen AS "perCapitaFen", a.loss_fen AS "lossFen",
       ARRAY(SELECT finding FROM finding_alert_log WHERE origin = last.origin AND household_id = last.household_id) AS told
     FROM unnest($1::bigint[]) AS o (origin)
       CROSS JOIN LATERAL (
         SELECT DISTINCT ON (l.household_id) l.origin, l.household_id, l.revision, l.finding,
           l.policy_version AS "policyVersion" FROM finding_alert_log l
         WHERE l.origin = o.origin ORDER BY l.household_id, l.revision DESC) AS last
       CROSS JOIN LATERAL (
         SELECT duty_code, state, severity, persons, per_capita_fen, loss_fen FROM alerts
         WHERE origin = last.origin AND household_id = last.household_id AND revision = last.revision OFFSET 0) AS a`,
    [arrayLiteral(origins.map(({ origin }) => origin))],
  );
  const versions = [...new Set(rows.map(({ policyVersion }) => policyVersion))];
  const byVersion = new Map(await Promise.all(versions.map(async (one) => [one, await policies.find(one)] as const)));
  const alerts = rows.map(
    ({ household_id: householdId, duty_code: dutyCode, finding, told, policyVersion, ...row }) => {
      const { facts } = storedFinding(finding);
      const policy = byVersion.get(policyVersion);
      const lineUnknown = policy !== undefined && !hasLine(policy, dutyCode, facts.occurredOn);
      const saidFen = [...new Set(told.map((bytes) => paidFen(storedFinding(bytes).facts)))];
      return { ...row, householdId, dutyCode, facts, lineUnknown, saidFen };
    },
  );
  return Map.groupBy(alerts, ({ facts }) => facts.findingId);
}

/** Whether a household there was judged by a line under that policy. */
function hasLine(policy: PolicySet, dutyCode: number, day: string): boolean {
  return underPolicy(() => policy.line(townshipCode(townshipOf(dutyCode)), day)) !== undefined;
}

/**
 * The alerts of a slice of findings as they are stored, in order of household. By the log and then by the whole key: by the origin
 * alone, where most origins are large fan-outs, the planner reads the index of all alerts of the area for each finding.
 */
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
       CROSS JOIN LATERAL (SELECT * FROM finding_alert_log WHERE origin = o.origin OFFSET 0) AS l
       CROSS JOIN LATERAL (
         SELECT * FROM alerts
         WHERE origin = l.origin AND household_id = l.household_id AND revision = l.revision AND slice_no = $2 OFFSET 0) AS a
     ORDER BY a.household_id, a.origin, a.revision`,
    [arrayLiteral(origins), sliceNo],
  );
  return rows.map(({ finding, ...row }) => ({ ...row, facts: storedFinding(finding).facts }));
}
