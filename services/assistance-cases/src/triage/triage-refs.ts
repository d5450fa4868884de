/** What stands behind an origin, stored once; says which origins were met before. */
import type { Tx } from '@fangpin/persistence';
import { PoisonedAlert, type AlertHead, type IncomingAlerts } from './incoming-alerts.js';

interface RefRow {
  origin: number;
  shock_id: string;
  cause: string;
}

/**
 * Stores new origins and answers those that were there before: only they can have alerts already. Refuses an origin that
 * stands for another shock or cause, since ids made of it would clash.
 */
export async function registerOrigins(tx: Tx, incoming: IncomingAlerts): Promise<Set<number>> {
  const heads = new Map<number, AlertHead>();
  for (const head of incoming.heads) {
    const first = heads.get(head.origin);
    if (first === undefined) heads.set(head.origin, head);
    else refuseClash(head, { origin: head.origin, shock_id: first.shockId, cause: first.cause });
  }
  const stored = await findRefs(tx, [...heads.keys()]);
  const missing = [...heads.values()].filter(({ origin }) => !stored.has(origin));
  if (missing.length > 0) {
    const inserted = await insertRefs(tx, missing);
    // Another instance may have stored one between the two statements.
    if (inserted < missing.length) return registerOrigins(tx, incoming);
  }
  for (const ref of stored.values()) refuseClash(heads.get(ref.origin) as AlertHead, ref);
  return new Set(stored.keys());
}

async function findRefs(tx: Tx, origins: readonly number[]): Promise<Map<number, RefRow>> {
  const rows = await tx.query<RefRow & { [column: string]: unknown }>(
    'SELECT origin, shock_id, cause FROM triage_refs WHERE origin = ANY($1::bigint[])',
    [origins],
  );
  return new Map(rows.map((row) => [row.origin, row]));
}

function insertRefs(tx: Tx, heads: readonly AlertHead[]): Promise<number> {
  return tx.execute(
    `INSERT INTO triage_refs (origin, shock_id, cause, shock_kind, policy_version, judged_on, raised_at)
     SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::date[], $7::timestamptz[])
     ON CONFLICT DO NOTHING`,
    [
      heads.map((head) => head.origin),
      heads.map((head) => head.shockId),
      heads.map((head) => head.cause),
      heads.map((head) => head.shockKind),
      heads.map((head) => head.policyVersion),
      heads.map((head) => head.judgedOn),
      heads.map((head) => new Date(head.raisedMs)),
    ],
  );
}

function refuseClash(head: AlertHead, ref: RefRow): void {
  if (head.shockId !== ref.shock_id || head.cause !== ref.cause)
    throw new PoisonedAlert(String(head.origin), '-', 'origin stands for another shock or cause already');
}
