/**
 * Revisions of shocks kept aside because the policy version that they name is not known here; and those that a shock is over, which come after
 * such a one. They are taken in one after the other when some process has loaded the version (`policy_versions`), or given up for a
 * later one that says all anew (whole-word.rule.ts).
 */
import { toBinary } from '@bufbuild/protobuf';
import { ShockSchema, type Shock } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import { addsOnly, takesBack } from './whole-word.rule.js';

export interface ShockAside {
  readonly revision: number;
  readonly policyVersion: string;
  readonly receivedAt: Date;
}

type Row = ShockAside & Record<string, unknown>;

/** One of those kept aside, as it was encoded. */
export interface KeptShock {
  readonly shockId: string;
  readonly revision: number;
  readonly shock: Buffer;
}

/** Its version is known here. */
const CAN_BE_JUDGED = 'EXISTS (SELECT FROM policy_versions p WHERE p.version = a.policy_version)';

/**
 * Keeps a revision aside, unless it or a later one is known. What it says anew is forgotten: all of it where it takes back, so that nobody is
 * alerted by what was called off; else what waits for the same version, while another version may come first and be judged meanwhile.
 */
export async function keepAside(tx: Tx, shock: Shock): Promise<void> {
  const [shockId, revision, tookBack] = [shock.shockId, Number(shock.revision), takesBack(shock)];
  await tx.execute(
    `INSERT INTO shocks_awaiting_policy (shock_id, revision, policy_version, shock, raises, adds_only)
     SELECT $1::uuid, $2::bigint, $3::text, $4::bytea, $5::boolean, $6::boolean
     WHERE NOT EXISTS (SELECT FROM shocks WHERE shock_id = $1 AND revision >= $2)
     ON CONFLICT (shock_id, revision) DO NOTHING`,
    [shockId, revision, shock.policyVersion, Buffer.from(toBinary(ShockSchema, shock)), !tookBack, addsOnly(shock)],
  );
  if (addsOnly(shock)) return;
  await tx.execute(
    `DELETE FROM shocks_awaiting_policy
     WHERE shock_id = $1 AND revision < $2 AND ($3::boolean OR policy_version = $4)`,
    [shockId, revision, tookBack, shock.policyVersion],
  );
}

/** After a revision was taken in: it, and those before it, wait no longer. */
export async function forgetAside(tx: Tx, { shockId, revision }: Shock): Promise<void> {
  await tx.execute('DELETE FROM shocks_awaiting_policy WHERE shock_id = $1 AND revision <= $2', [
    shockId,
    Number(revision),
  ]);
}

/** Whether a revision leaves standing what is to be judged first, and is kept aside: it would be compared with what came before that. */
export async function comesAfterAside(tx: Tx, shock: Shock): Promise<boolean> {
  if (!addsOnly(shock)) return false;
  const before = await tx.query(
    'SELECT FROM shocks_awaiting_policy WHERE shock_id = $1 AND revision < $2 AND raises LIMIT 1',
    [shock.shockId, Number(shock.revision)],
  );
  return before.length > 0;
}

/** The revision for which a shock waits: the latest kept aside of an unknown version that may alert somebody. */
export async function asideOf(tx: Tx, shockId: string): Promise<ShockAside | undefined> {
  const [row] = await tx.query<Row>(
    `SELECT revision, policy_version AS "policyVersion", received_at AS "receivedAt"
     FROM shocks_awaiting_policy a WHERE shock_id = $1 AND raises ORDER BY ${CAN_BE_JUDGED}, revision DESC LIMIT 1`,
    [shockId],
  );
  return row;
}

/**
 * Those kept aside, `most` of them after one of these, whose version some process has loaded by now; but for those that come after one that
 * still cannot be judged. Each shock's in their order.
 */
export async function shocksThatCanGoOn(
  tx: Tx,
  most: number,
  after: Pick<KeptShock, 'shockId' | 'revision'> = { shockId: '00000000-0000-0000-0000-000000000000', revision: 0 },
): Promise<KeptShock[]> {
  return tx.query<KeptShock & Record<string, unknown>>(
    `SELECT k.shock_id AS "shockId", k.revision, k.shock FROM shocks_awaiting_policy k JOIN policy_versions v ON v.version = k.policy_version
     WHERE (k.shock_id, k.revision) > ($1::uuid, $2::bigint) AND NOT (k.adds_only AND EXISTS (
       SELECT FROM shocks_awaiting_policy a WHERE a.shock_id = k.shock_id AND a.revision < k.revision AND a.raises AND NOT ${CAN_BE_JUDGED}))
     ORDER BY k.shock_id, k.revision LIMIT $3`,
    [after.shockId, after.revision, most],
  );
}

/** How many shocks wait that may alert somebody. */
export async function countAside(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    'SELECT count(DISTINCT shock_id)::int AS n FROM shocks_awaiting_policy WHERE raises',
  );
  return row?.n ?? 0;
}
