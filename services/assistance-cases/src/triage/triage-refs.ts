/** What stands behind an origin, stored once; says which origins were met before, and keeps how much their alerts told of when somebody was last to look. */
import { JOINT_CAUSE } from '@fangpin/contracts';
import { prepared, type Tx } from '@fangpin/persistence';
import { PoisonedAlert, type AlertHead, type IncomingAlerts } from './incoming-alerts.js';

interface RefRow {
  origin: number;
  shock_id: string;
  cause: string;
  /** Stored by this very statement. */
  fresh: boolean;
  asks_again_from: number | null;
}

/**
 * Origins that were there before, and from which extent on a check of the revision that somebody was last to look at answers no more; null where
 * that was not stated.
 */
export type KnownOrigins = ReadonlyMap<number, number | null>;

/**
 * Stores new origins and answers those that were there before: only they can have alerts already. Refuses an origin that
 * stands for another shock or cause, since ids made of it would clash.
 */
export async function registerOrigins(tx: Tx, incoming: IncomingAlerts): Promise<KnownOrigins> {
  const heads = new Map<number, AlertHead>();
  for (const head of incoming.heads) {
    const first = heads.get(head.origin);
    if (first !== undefined) refuseClash(head, { shock_id: first.shockId, cause: first.cause });
    if (first === undefined || head.revision > first.revision) heads.set(head.origin, head);
  }
  const rows = await tx.query<RefRow & { [column: string]: unknown }>(REGISTER, valuesOf([...heads.values()]));
  const stored = rows.filter(({ fresh }) => !fresh);
  // Another instance has stored one since the statement began.
  if (rows.length < heads.size) return registerOrigins(tx, incoming);
  for (const ref of stored) refuseClash(heads.get(ref.origin) as AlertHead, ref);
  return new Map(stored.map(({ origin, asks_again_from: asksAgainFrom }) => [origin, asksAgainFrom]));
}

// A subject that was not stated before is noted once it is: its checks answer for others then. Not of joint alerts, whose parts have changed since. So
// is an earlier day from which on it has been, which refuses fewer visits.
// One statement: alerts of a finding come singly, and are waited for. Those that were there are looked for only where one was.
const REGISTER = prepared(
  `WITH inserted AS (
     INSERT INTO triage_refs (origin, shock_id, cause, shock_kind, policy_version, judged_on, raised_at, subject, asks_again_from, began_on)
     SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::date[], $7::timestamptz[], $8::bigint[], $9::bigint[], $10::date[])
     ON CONFLICT DO NOTHING RETURNING origin, shock_id, cause
   ), filled AS (
     UPDATE triage_refs t SET began_on = least(t.began_on, v.began_on),
            subject = CASE WHEN t.subject IS NULL AND t.cause <> '${JOINT_CAUSE}' THEN v.subject ELSE t.subject END
       FROM unnest($1::bigint[], $8::bigint[], $10::date[]) AS v (origin, subject, began_on)
      WHERE t.origin = v.origin AND t.origin IN (
        SELECT r.origin FROM triage_refs r
            JOIN unnest($1::bigint[], $8::bigint[], $10::date[]) AS s (origin, subject, began_on) ON s.origin = r.origin
         WHERE r.origin = ANY($1::bigint[])
           AND ((r.subject IS NULL AND s.subject IS NOT NULL AND r.cause <> '${JOINT_CAUSE}')
             OR s.began_on < coalesce(r.began_on, 'infinity'))
           FOR UPDATE OF r SKIP LOCKED)
   )
   SELECT origin, shock_id, cause, true AS fresh, NULL::bigint AS asks_again_from FROM inserted
   UNION ALL
   SELECT origin, shock_id, cause, false, asks_again_from FROM triage_refs
    WHERE (SELECT count(*) FROM inserted) < cardinality($1::bigint[]) AND origin = ANY($1::bigint[])`,
);

function valuesOf(heads: readonly AlertHead[]): unknown[] {
  return [
    heads.map((head) => head.origin),
    heads.map((head) => head.shockId),
    heads.map((head) => head.cause),
    heads.map((head) => head.shockKind),
    heads.map((head) => head.policyVersion),
    heads.map((head) => head.judgedOn),
    heads.map((head) => new Date(head.raisedMs)),
    heads.map(({ subject }) => (subject === 0 ? null : subject)),
    heads.map(({ asksAgainFrom }) => (asksAgainFrom === 0 ? null : asksAgainFrom)),
    heads.map(({ beganOn }) => (beganOn === '' ? null : beganOn)),
  ];
}

function refuseClash(head: AlertHead, ref: Pick<RefRow, 'shock_id' | 'cause'>): void {
  if (head.shockId !== ref.shock_id || head.cause !== ref.cause)
    throw new PoisonedAlert(String(head.origin), '-', 'origin stands for another shock or cause already');
}

/** Of known origins whose alerts somebody is to look at as they stand now: a check answers for that. What a check or an ended case answers is not noted. */
export async function noteExtents(
  tx: Tx,
  incoming: IncomingAlerts,
  known: KnownOrigins,
  asked: readonly number[],
): Promise<void> {
  const next = new Map<number, number>();
  for (const alert of asked) {
    const { origin, asksAgainFrom } = incoming.headOf(alert);
    if (asksAgainFrom > 0 && known.has(origin) && known.get(origin) !== asksAgainFrom) next.set(origin, asksAgainFrom);
  }
  if (next.size === 0) return;
  await tx.execute(
    `UPDATE triage_refs t SET asks_again_from = v.asks_again_from
       FROM unnest($1::bigint[], $2::bigint[]) AS v (origin, asks_again_from) WHERE t.origin = v.origin
        AND t.origin IN (SELECT origin FROM triage_refs WHERE origin = ANY($1::bigint[]) ORDER BY origin FOR UPDATE)`,
    [[...next.keys()], [...next.values()]],
  );
}
