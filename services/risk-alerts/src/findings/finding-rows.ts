/** Rows of findings: claimed under a higher revision, settled with what became of them. */
import { arrayLiteral, prepared, type Tx } from '@fangpin/persistence';
import { liveExposure } from '../exposure/exposure-sets.js';
import { DID_NOT_FAIL, FAILED_BEFORE } from './failing-findings.js';
import type { FindingDecision, FindingState } from './decide-finding.rule.js';
import { storedFinding, type NotedFinding } from './noted-finding.js';

const CLAIM = prepared(
  `INSERT INTO findings AS f (finding_id, revision, household_id, duty_code, origin, kind, department, batch_id, occurred_on,
     finding, outcome, reason, policy_version, heard_at, decided_at)
   SELECT finding_id, revision, household_id, duty_code, origin, kind, department, batch_id, occurred_on, finding,
     'waiting', 'household-unknown', $11, $12, $12
   FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[],
               $9::date[], $10::bytea[])
     AS heard (finding_id, revision, household_id, duty_code, origin, kind, department, batch_id, occurred_on, finding)
   ON CONFLICT (finding_id) DO UPDATE SET
     revision = excluded.revision, household_id = excluded.household_id, duty_code = excluded.duty_code,
     origin = excluded.origin, kind = excluded.kind, department = excluded.department, batch_id = excluded.batch_id,
     occurred_on = excluded.occurred_on, finding = excluded.finding, heard_at = excluded.heard_at
   WHERE f.revision < excluded.revision
   RETURNING f.finding_id, old.finding_id IS NOT NULL AS known`,
);

/** A finding that this transaction holds, and whether an earlier revision of it was heard: only then it can have alerts. */
export interface HeldFinding extends NotedFinding {
  readonly known: boolean;
}

/** A held finding with what became of it so far. */
export interface OpenFinding extends HeldFinding {
  readonly outcome: FindingState;
}

/**
 * Notes findings that are new or of a higher revision than the one heard, and answers just those. Until they are settled in the
 * same transaction, they wait.
 */
export async function claimFindings(
  tx: Tx,
  findings: readonly NotedFinding[],
  policyVersion: string,
  now: Date,
): Promise<HeldFinding[]> {
  const column = <V>(of: (finding: NotedFinding) => V): V[] => findings.map(of);
  const claimed = await tx.query<{ finding_id: string; known: boolean }>(CLAIM, [
    column(({ facts }) => facts.findingId),
    arrayLiteral(column(({ facts }) => facts.revision)),
    arrayLiteral(column(({ householdId }) => householdId)),
    arrayLiteral(column(({ dutyCode }) => dutyCode)),
    arrayLiteral(column(({ origin }) => origin)),
    column(({ facts }) => facts.kind.key),
    column(({ facts }) => facts.department),
    column(({ batchId }) => batchId),
    column(({ facts }) => facts.occurredOn),
    column(({ bytes }) => bytes),
    policyVersion,
    now,
  ]);
  const rows = new Map(claimed.map((row) => [row.finding_id, row]));
  return findings.flatMap((finding) => {
    const was = rows.get(finding.facts.findingId);
    return was === undefined ? [] : [{ ...finding, known: was.known }];
  });
}

/**
 * Findings of these households that may come out otherwise by now, locked in one order: those that wait or raised nothing, those whose
 * last revision could not be judged, those that were judged without an income which is known by now, and those whose alert counts still
 * where the household has moved away.
 */
export async function openFindingsOf(tx: Tx, householdIds: readonly number[], now: Date): Promise<HeldRow[]> {
  // Each way begins with the condition of its index.
  return heldRows(
    tx,
    `f.household_id = ANY($2::bigint[])
       AND ((f.reason IS NOT NULL OR f.income_awaited_until IS NOT NULL) AND (f.reason IS NOT NULL OR ${await incomeCame(tx)})
         OR f.outcome = 'alerted' AND ${await hasMoved(tx)})
     ORDER BY f.finding_id FOR UPDATE`,
    [now, arrayLiteral(householdIds)],
  );
}

/** Condition on a finding `f`: a policy version had no values for it, or no line. */
const LACKED_POLICY = `f.reason IN ('no-policy', 'no-line')`;

/** Some findings for which another policy version than this one had no values, or no line, locked; those that another instance holds are left to it. */
export function withoutPolicy(tx: Tx, most: number, policyVersion: string): Promise<HeldRow[]> {
  return heldRows(
    tx,
    `${LACKED_POLICY} AND f.policy_version <> $1 AND ${DID_NOT_FAIL} ORDER BY f.finding_id LIMIT ${most} FOR UPDATE SKIP LOCKED`,
    [policyVersion],
  );
}

/** Some findings that wait although their household is known by now, locked; those that another instance holds are left to it. */
export async function waitingInVain(tx: Tx, most: number): Promise<HeldRow[]> {
  const { households } = await liveExposure(tx, 'read');
  return heldRows(
    tx,
    `f.outcome = 'waiting' AND f.reason <> 'no-policy' AND EXISTS (
       SELECT FROM ${households} h WHERE h.household_id = f.household_id AND h.active AND h.profile_revision > 0)
     AND ${DID_NOT_FAIL} ORDER BY f.finding_id LIMIT ${most} FOR UPDATE SKIP LOCKED`,
  );
}

/** Some findings that were judged without an income which is known by now, locked; those that another instance holds are left to it. */
export async function awaitingInVain(tx: Tx, most: number, now: Date): Promise<HeldRow[]> {
  const came = await incomeCame(tx);
  return heldRows(tx, `${came} AND ${DID_NOT_FAIL} ORDER BY f.finding_id LIMIT ${most} FOR UPDATE SKIP LOCKED`, [now]);
}

/**
 * Some findings that could not be judged when it was their turn, locked; what came of them meanwhile is seen by their reader. Those that an
 * earlier policy had no values for, or all others.
 */
export function failedBefore(tx: Tx, most: number, { lackedPolicy }: { lackedPolicy: boolean }): Promise<HeldRow[]> {
  return heldRows(
    tx,
    `${FAILED_BEFORE} AND (${LACKED_POLICY}) IS ${lackedPolicy ? '' : 'NOT '}TRUE ORDER BY f.finding_id LIMIT ${most} FOR UPDATE SKIP LOCKED`,
  );
}

/** $1: now. */
async function incomeCame(tx: Tx): Promise<string> {
  const { households } = await liveExposure(tx, 'read');
  return `f.income_awaited_until > $1::timestamptz AND EXISTS (
    SELECT FROM ${households} h
    WHERE h.household_id = f.household_id AND h.active AND h.profile_revision > 0 AND h.per_capita_fen IS NOT NULL)`;
}

/** An alert that no episode follows yet counts; one that has passed, or was answered, would begin anew where it is said again. */
async function hasMoved(tx: Tx): Promise<string> {
  const { households } = await liveExposure(tx, 'read');
  return `EXISTS (
      SELECT FROM ${households} h WHERE h.household_id = f.household_id AND h.active AND h.duty_code <> f.duty_code)
    AND NOT EXISTS (SELECT FROM episode_alerts e WHERE e.household_id = f.household_id AND e.origin = f.origin AND e.held = 0)`;
}

/** A held finding as its row has it; {@link readHeld} reads it. */
export interface HeldRow {
  readonly findingId: string;
  readonly finding: Buffer;
  readonly outcome: FindingState;
}

/** Throws where any of them cannot be read. */
export async function heldFindings(tx: Tx, where: string, values: readonly unknown[] = []): Promise<OpenFinding[]> {
  return (await heldRows(tx, where, values)).map(readHeld);
}

/** Refuses what was stored by a version of this service that knew more than this one. */
export function readHeld({ finding, outcome }: HeldRow): OpenFinding {
  return { ...storedFinding(finding), known: true, outcome };
}

/** {@link heldFindings}, unread. */
export async function heldRows(tx: Tx, where: string, values: readonly unknown[] = []): Promise<HeldRow[]> {
  return tx.query<HeldRow & Record<string, unknown>>(
    `SELECT f.finding_id AS "findingId", f.finding, f.outcome FROM findings f WHERE ${where}`,
    values,
  );
}

export interface SettledFinding {
  readonly finding: NotedFinding;
  readonly decision: FindingDecision;
  /** Where the household lives now, where it is known. */
  readonly dutyCode: number;
  /** Until then it is judged again when the household's income comes; null where the income was known. */
  readonly incomeAwaitedUntil: Date | null;
}

/** One finding comes alone, nearly always, and is waited for. */
const SETTLE_ONE = prepared(
  `UPDATE findings SET outcome = $4, reason = $5, duty_code = $6, income_awaited_until = $7, policy_version = $2, decided_at = $3
   WHERE finding_id = $1`,
);

export async function settleFindings(
  tx: Tx,
  settled: readonly SettledFinding[],
  policyVersion: string,
  now: Date,
): Promise<void> {
  const rows = settled.map(({ finding, decision: { outcome, reason }, dutyCode, incomeAwaitedUntil }) => {
    const { findingId } = finding.facts;
    return { findingId, outcome, reason, dutyCode, incomeAwaitedUntil };
  });
  const [one] = rows;
  if (one !== undefined && rows.length === 1) {
    const { findingId, outcome, reason, dutyCode, incomeAwaitedUntil } = one;
    const values = [findingId, policyVersion, now, outcome, reason, dutyCode, incomeAwaitedUntil];
    return void (await tx.execute(SETTLE_ONE, values));
  }
  await tx.execute(
    `UPDATE findings f SET outcome = v.outcome, reason = v.reason, duty_code = v.duty_code,
       income_awaited_until = v.awaited, policy_version = $6, decided_at = $7
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[])
       AS v (finding_id, outcome, reason, duty_code, awaited)
     WHERE f.finding_id = v.finding_id`,
    [
      rows.map(({ findingId }) => findingId),
      rows.map(({ outcome }) => outcome),
      rows.map(({ reason }) => reason),
      arrayLiteral(rows.map(({ dutyCode }) => dutyCode)),
      rows.map(({ incomeAwaitedUntil }) => incomeAwaitedUntil),
      policyVersion,
      now,
    ],
  );
}
