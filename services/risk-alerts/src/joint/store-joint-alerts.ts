/** Stores revisions of joint alerts set by set: the alerts, their parts, and one outbox row for some hundred of them. */
import { JOINT_CAUSE } from '@fangpin/contracts';
import { composeDerivedId } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import { RAISED, WITHDRAWN } from '../fan-out/alert-rows.js';
import { townshipOf } from '../fan-out/township.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import type { StandingAlert } from '../episodes/joint-risk.rule.js';
import { JOINT_TOPIC, jointMessages, storedJointAlerts } from './joint-messages.js';
import { JOINT_SOURCE } from './joint-outbox-source.js';
import type { JointVerdict } from './joint-verdict.rule.js';

/** More in one slice saves nothing, and a send stays small. */
const ALERTS_A_SLICE = 500;

/** A revision to be stored. One that withdraws keeps the figures and parts of the one before. */
export interface JointRevision {
  readonly householdId: number;
  readonly origin: number;
  readonly dutyCode: number;
  readonly revision: number;
  readonly raised: (JointVerdict & { readonly parts: readonly StandingAlert[] }) | undefined;
  /** The revision before; undefined for the first. */
  readonly before: number | undefined;
}

type Raised = JointRevision & { readonly raised: NonNullable<JointRevision['raised']> };

@Injectable()
export class StoreJointAlerts {
  constructor(
    private readonly outbox: Outbox,
    private readonly policies: PolicyVersions,
  ) {}

  /** In the caller's transaction. `judgedOn`: the day whose line and policy the raised ones were judged by. */
  async execute(tx: Tx, revisions: readonly JointRevision[], judgedOn: string, now: Date): Promise<void> {
    await insertOrigins(
      tx,
      revisions.filter(({ before }) => before === undefined),
    );
    for (let from = 0; from < revisions.length; from += ALERTS_A_SLICE)
      await this.store(tx, revisions.slice(from, from + ALERTS_A_SLICE), judgedOn, now);
  }

  private async store(tx: Tx, revisions: readonly JointRevision[], judgedOn: string, now: Date): Promise<void> {
    const slice = await insertSlice(tx, revisions, now);
    const raised = revisions.filter((one): one is Raised => one.raised !== undefined);
    await insertRaised(tx, slice.slice_no, raised, this.policies.current.version, judgedOn);
    await insertWithdrawn(
      tx,
      slice.slice_no,
      revisions.filter((one) => one.raised === undefined),
    );
    const messages = await jointMessages(await storedJointAlerts(tx, slice), this.policies, now);
    const ref = { sliceNo: slice.slice_no };
    await this.outbox.addReference(tx, { source: JOINT_SOURCE, ref, topic: JOINT_TOPIC, messages });
  }
}

async function insertOrigins(tx: Tx, first: readonly JointRevision[]): Promise<void> {
  if (first.length === 0) return;
  await tx.execute(
    'INSERT INTO origins (origin, joint_id, cause) SELECT v.*, $3 FROM unnest($1::bigint[], $2::uuid[]) AS v',
    [arrayLiteral(first.map(({ origin }) => origin)), first.map((one) => composeDerivedId(one)), JOINT_CAUSE],
  );
}

/** Followed already: episodes that are added up follow no joint alert, or it would add itself up. */
async function insertSlice(
  tx: Tx,
  revisions: readonly JointRevision[],
  now: Date,
): Promise<{ slice_no: number; origins: number[] }> {
  const origins = revisions.map(({ origin }) => origin);
  const townships = [...new Set(revisions.map(({ dutyCode }) => townshipOf(dutyCode)))];
  const [row] = await tx.query<{ slice_no: number }>(
    `INSERT INTO slices (direction, lane, origins, townships, state, alerted, stored_at, followed_at)
     VALUES ('joint', 'bulk', $1, $2, 'stored', $3, $4, $4) RETURNING slice_no`,
    [arrayLiteral(origins), arrayLiteral(townships), origins.length, now],
  );
  return { slice_no: (row as { slice_no: number }).slice_no, origins };
}

async function insertRaised(
  tx: Tx,
  sliceNo: number,
  raised: readonly Raised[],
  policyVersion: string,
  judgedOn: string,
): Promise<void> {
  if (raised.length === 0) return;
  const numbers = (of: (one: Raised) => number): string => arrayLiteral(raised.map(of));
  await tx.execute(
    `WITH raised AS (
       SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
                            $9::bigint[], $10::bigint[], $11::int[], $12::smallint[], $13::smallint[], $14::text[])
         AS v (origin, household_id, revision, duty_code, low, middle, high, per_capita, projected, persons, severity, reasons, parts)
     ), alerted AS (
       INSERT INTO alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen,
         per_capita_fen, projected_fen, persons, state, severity, reasons, inputs, wage_fen_per_worker)
       SELECT origin, household_id, revision, duty_code, $5, low, middle, high, per_capita, projected, persons, ${RAISED},
         severity, reasons, '{}', NULL FROM raised
     )
     INSERT INTO joint_alert_log (origin, household_id, revision, duty_code, policy_version, judged_on, parts)
     SELECT origin, household_id, revision, duty_code, $15, $16::date, parts::jsonb FROM raised`,
    [
      numbers(({ origin }) => origin),
      numbers(({ householdId }) => householdId),
      numbers(({ revision }) => revision),
      numbers(({ dutyCode }) => dutyCode),
      sliceNo,
      numbers((one) => one.raised.verdict.loss.low),
      numbers((one) => one.raised.verdict.loss.middle),
      numbers((one) => one.raised.verdict.loss.high),
      raised.map((one) => one.raised.risk.perCapitaFen),
      raised.map((one) => one.raised.verdict.projectedFen),
      numbers((one) => one.raised.risk.persons),
      numbers((one) => one.raised.verdict.severity),
      numbers((one) => one.raised.verdict.reasons),
      raised.map((one) => JSON.stringify(one.raised.parts)),
      policyVersion,
      judgedOn,
    ],
  );
}

async function insertWithdrawn(tx: Tx, sliceNo: number, withdrawn: readonly JointRevision[]): Promise<void> {
  if (withdrawn.length === 0) return;
  const keys = [
    arrayLiteral(withdrawn.map(({ origin }) => origin)),
    arrayLiteral(withdrawn.map(({ householdId }) => householdId)),
    arrayLiteral(withdrawn.map(({ before }) => before ?? 0)),
    arrayLiteral(withdrawn.map(({ revision }) => revision)),
    arrayLiteral(withdrawn.map(({ dutyCode }) => dutyCode)),
  ];
  const given = `unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
         AS k (origin, household_id, revision, next, duty_now)`;
  await tx.execute(
    `INSERT INTO alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen,
       per_capita_fen, projected_fen, persons, state, severity, reasons, inputs, wage_fen_per_worker)
     SELECT k.origin, k.household_id, k.next, k.duty_now, $6, a.loss_low_fen, a.loss_fen, a.loss_high_fen, a.per_capita_fen,
       a.projected_fen, a.persons, ${WITHDRAWN}, a.severity, a.reasons, a.inputs, a.wage_fen_per_worker
     FROM ${given} CROSS JOIN LATERAL (
       SELECT * FROM alerts WHERE origin = k.origin AND household_id = k.household_id AND revision = k.revision OFFSET 0) AS a`,
    [...keys, sliceNo],
  );
  await tx.execute(
    `INSERT INTO joint_alert_log (origin, household_id, revision, duty_code, policy_version, judged_on, parts)
     SELECT k.origin, k.household_id, k.next, k.duty_now, l.policy_version, l.judged_on, l.parts
     FROM ${given} CROSS JOIN LATERAL (
       SELECT * FROM joint_alert_log
       WHERE origin = k.origin AND household_id = k.household_id AND revision = k.revision OFFSET 0) AS l`,
    keys,
  );
}
