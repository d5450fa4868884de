/** The shock that the services have just fanned out, as the peers take it: the same revisions, policy and due dates. */
import { fromBinary } from '@bufbuild/protobuf';
import { ShockSchema } from '@fangpin/contracts';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import { loadPolicy, type PolicySet } from '@fangpin/policy';
import { Failure } from '../../failure.ts';
import type { BenchDatabases } from '../bench-databases.ts';
import type { LossModelDoor, ShockFacts } from './loss-model.ts';

export interface JudgedShock {
  readonly facts: ShockFacts;
  readonly policy: PolicySet;
  readonly origin: string;
  readonly cause: string;
  readonly alertRevision: string;
  readonly caseRevision: string;
  /** Townships with cases, and when a first visit is due there: milliseconds since the epoch. */
  readonly dueMs: ReadonlyMap<RegionCode, number>;
}

interface FanOutRow {
  cause: string;
  shock: Buffer;
  policy_version: string;
}

/** Reads it from the services' tables, which must still hold its alerts and cases. */
export async function readJudgedShock(
  { alerts, cases }: BenchDatabases,
  door: LossModelDoor,
  { origin, overlay }: { origin: string; overlay: string },
): Promise<JudgedShock> {
  const fanOuts = await alerts.query<FanOutRow>(
    'SELECT cause, shock, policy_version FROM fan_outs JOIN origins USING (origin) WHERE origin = $1',
    [origin],
  );
  const [fanOut] = fanOuts.rows;
  if (fanOut === undefined) throw new Failure(`no fan-out of origin ${origin}`);
  const policy = loadPolicy({ overlayDirs: [overlay] });
  if (policy.version !== fanOut.policy_version)
    throw new Failure(`the services judged by policy ${fanOut.policy_version}, here is ${policy.version}`);
  const revisionOf = async (client: BenchDatabases['alerts'], sql: string): Promise<string> => {
    const { rows } = await client.query<{ revision: string }>(sql, [origin]);
    if (rows[0] === undefined) throw new Failure(`origin ${origin} has left no rows`);
    return rows[0].revision;
  };
  const due = await cases.query<{ township: string; due_ms: string }>(
    `SELECT lpad((duty_code / 1000000)::text, 9, '0') AS township, (extract(epoch FROM max(due_at)) * 1000)::bigint AS due_ms
     FROM cases WHERE case_origin = $1 GROUP BY 1 ORDER BY 1`,
    [origin],
  );
  return {
    facts: door.shockFacts(fromBinary(ShockSchema, fanOut.shock)),
    policy,
    origin,
    cause: fanOut.cause,
    alertRevision: await revisionOf(alerts, 'SELECT revision::text FROM alerts WHERE origin = $1 LIMIT 1'),
    caseRevision: await revisionOf(cases, 'SELECT revision::text FROM cases WHERE case_origin = $1 LIMIT 1'),
    dueMs: new Map(due.rows.map(({ township, due_ms }) => [parseRegionCode(township), Number(due_ms)])),
  };
}
