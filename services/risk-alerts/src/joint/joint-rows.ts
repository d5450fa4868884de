/** Joint alerts as rows: how they stand, and the parts of each. */
import { originOf } from '@fangpin/domain-kit';
import { JOINT_CAUSE, type Cause } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { millisOf } from '../episodes/columns.js';
import { foundPart } from '../findings/found-part.js';
import { storedFinding } from '../findings/noted-finding.js';
import type { StandingJoint } from './joint-alert.rule.js';
import type { PlacedAlert } from './take-apart.js';

/** The last joint alert of a household, whether it stands or not. */
export interface LastJoint extends StandingJoint {
  readonly householdId: number;
  readonly ordinal: number;
  readonly origin: number;
  readonly stands: boolean;
  readonly dutyCode: number;
  readonly revision: number;
  readonly memberRevisions: readonly number[];
  /** When time alone changes it; null for never. */
  readonly dueMs: number | null;
}

interface LastRow {
  household_id: number;
  ordinal: number;
  origin: number;
  state: string;
  duty_code: number;
  revision: number;
  severity: number;
  causes: Cause[];
  members: number[];
  member_revisions: number[];
  told_adding: number | null;
  lower_since: number | null;
  due_at: number | null;
  [column: string]: unknown;
}

/** The origin of the how-many-eth joint alert of a household; the same for ever. */
export function jointOrigin(householdId: number, ordinal: number): number {
  return originOf(`${householdId}.${JOINT_CAUSE}.${ordinal}`, JOINT_CAUSE);
}

export async function lastJoints(tx: Tx, householdIds: readonly number[]): Promise<Map<number, LastJoint>> {
  const rows = await tx.query<LastRow>(
    `SELECT DISTINCT ON (household_id) household_id, ordinal, origin, duty_code, state, revision, severity, causes, members,
       member_revisions, told_adding, ${millisOf('lower_since')}, ${millisOf('due_at')}
     FROM joint_alerts WHERE household_id = ANY($1::bigint[]) ORDER BY household_id, ordinal DESC`,
    [arrayLiteral(householdIds)],
  );
  return new Map(
    rows.map((row) => [
      row.household_id,
      {
        householdId: row.household_id,
        ordinal: row.ordinal,
        origin: row.origin,
        stands: row.state === 'raised',
        dutyCode: row.duty_code,
        revision: row.revision,
        severity: row.severity,
        causes: row.causes,
        members: row.members,
        memberRevisions: row.member_revisions,
        toldAdding: row.told_adding,
        lowerSinceMs: row.lower_since,
        dueMs: row.due_at,
      },
    ]),
  );
}

/** How a joint alert stands from now on. */
export interface JointRow extends LastJoint {
  readonly state: 'raised' | 'withdrawn' | 'over';
}

/** Stores how joint alerts stand now; the origin of a new one is there already. */
export async function storeJoints(tx: Tx, rows: readonly JointRow[], atMs: number): Promise<void> {
  if (rows.length === 0) return;
  const numbers = (of: (row: JointRow) => number): string => arrayLiteral(rows.map(of));
  const moments = (of: (row: JointRow) => number | null): string => `{${rows.map((row) => of(row) ?? 'NULL').join()}}`;
  await tx.execute(
    `INSERT INTO joint_alerts AS j (household_id, ordinal, origin, duty_code, state, revision, severity, causes, members,
       member_revisions, told_adding, lower_since, due_at, raised_at, ended_at)
     SELECT household_id, ordinal, origin, duty_code, state, revision, severity, causes::text[], members::bigint[],
       member_revisions::bigint[], told_adding, to_timestamp(lower_since / 1000.0), to_timestamp(due_at / 1000.0), to_timestamp($13 / 1000.0),
       CASE WHEN state <> 'raised' THEN to_timestamp($13 / 1000.0) END
     FROM unnest($1::bigint[], $2::int[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::smallint[], $8::text[],
                 $9::text[], $10::text[], $11::bigint[], $12::bigint[], $14::smallint[])
       AS v (household_id, ordinal, origin, duty_code, state, revision, severity, causes, members, member_revisions, lower_since,
             due_at, told_adding)
     ON CONFLICT (household_id, ordinal) DO UPDATE SET duty_code = excluded.duty_code, state = excluded.state,
       revision = excluded.revision, severity = excluded.severity, causes = excluded.causes, members = excluded.members,
       member_revisions = excluded.member_revisions, told_adding = excluded.told_adding, lower_since = excluded.lower_since, due_at = excluded.due_at,
       ended_at = excluded.ended_at`,
    [
      numbers(({ householdId }) => householdId),
      numbers(({ ordinal }) => ordinal),
      numbers(({ origin }) => origin),
      numbers(({ dutyCode }) => dutyCode),
      rows.map(({ state }) => state),
      numbers(({ revision }) => revision),
      numbers(({ severity }) => severity),
      rows.map(({ causes }) => `{${causes.join()}}`),
      rows.map(({ members }) => arrayLiteral(members)),
      rows.map(({ memberRevisions }) => arrayLiteral(memberRevisions)),
      moments(({ lowerSinceMs }) => lowerSinceMs),
      moments((row) => row.dueMs),
      atMs,
      rows.map(({ toldAdding }) => toldAdding),
    ],
  );
}

/** Which revision of an alert is asked for. */
export interface AlertKey {
  readonly origin: number;
  readonly revision: number;
  readonly cause: Cause;
}

/**
 * Alerts with what goes into the picture, by household, in order of origin. One after the other by its key (OFFSET 0), never as a join of
 * sets. Beside an alert of a finding stands the finding: the row holds what is lost, not whose bill it is.
 */
export async function standingParts(
  tx: Tx,
  keysOf: ReadonlyMap<number, readonly AlertKey[]>,
): Promise<Map<number, PlacedAlert[]>> {
  const keys = [...keysOf].flatMap(([household, ofHousehold]) => ofHousehold.map((key) => ({ household, ...key })));
  if (keys.length === 0) return new Map();
  const rows = await tx.query<PlacedAlert & { household: number; finding: Buffer | null } & Record<string, unknown>>(
    `SELECT k.household, k.origin, k.revision, k.cause, a.severity, a.loss, a.per_capita_fen AS "perCapitaFen",
       a.projected_fen AS "projectedFen", a.persons, a.reasons, a.inputs, a.slice_no AS "sliceNo",
       a.duty_code AS "dutyCode", a.wage_fen_per_worker AS "wageFenPerWorker", l.finding
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]) AS k (household, origin, revision, cause)
       CROSS JOIN LATERAL (
         SELECT severity, per_capita_fen, projected_fen, persons, reasons, inputs, slice_no, duty_code, wage_fen_per_worker,
           json_build_object('low', loss_low_fen, 'middle', loss_fen, 'high', loss_high_fen) AS loss FROM alerts
         WHERE origin = k.origin AND household_id = k.household AND revision = k.revision OFFSET 0) AS a
       LEFT JOIN LATERAL (
         SELECT finding FROM finding_alert_log
         WHERE origin = k.origin AND household_id = k.household AND revision = k.revision OFFSET 0) AS l ON true
     ORDER BY k.household, k.origin`,
    [
      arrayLiteral(keys.map(({ household }) => household)),
      arrayLiteral(keys.map(({ origin }) => origin)),
      arrayLiteral(keys.map(({ revision }) => revision)),
      keys.map(({ cause }) => cause),
    ],
  );
  const parts = rows.map(({ household, finding, ...part }) => {
    const found = finding === null ? {} : { found: foundPart(storedFinding(finding).facts) };
    return { household, part: { ...part, ...found } as PlacedAlert };
  });
  return new Map(
    [...Map.groupBy(parts, ({ household }) => household)].map(([household, ofHousehold]) => [
      household,
      ofHousehold.map(({ part }) => part),
    ]),
  );
}
