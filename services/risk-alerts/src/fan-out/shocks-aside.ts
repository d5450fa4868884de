/**
 * Shocks kept aside because the policy version that they name is not known here: the latest such revision of each. It is taken in when
 * some process has loaded the version (`policy_versions`), or given up for a later one that can be.
 */
import { toBinary } from '@bufbuild/protobuf';
import { ShockSchema, type Shock } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';

export interface ShockAside {
  readonly revision: number;
  readonly policyVersion: string;
  readonly receivedAt: Date;
}

type Row = ShockAside & Record<string, unknown>;

/** Keeps a revision aside, unless it or a later one is known. */
export async function keepAside(tx: Tx, shock: Shock): Promise<void> {
  await tx.execute(
    `INSERT INTO shocks_awaiting_policy AS kept (shock_id, revision, policy_version, shock)
     SELECT $1::uuid, $2::bigint, $3::text, $4::bytea
     WHERE NOT EXISTS (SELECT FROM shocks WHERE shock_id = $1 AND revision >= $2)
     ON CONFLICT (shock_id) DO UPDATE SET revision = excluded.revision, policy_version = excluded.policy_version,
       shock = excluded.shock, received_at = excluded.received_at
     WHERE kept.revision < excluded.revision`,
    [shock.shockId, Number(shock.revision), shock.policyVersion, Buffer.from(toBinary(ShockSchema, shock))],
  );
}

/** After a revision was taken in: it, and those before it, wait no longer. */
export async function forgetAside(tx: Tx, { shockId, revision }: Shock): Promise<void> {
  await tx.execute('DELETE FROM shocks_awaiting_policy WHERE shock_id = $1 AND revision <= $2', [
    shockId,
    Number(revision),
  ]);
}

/** The revision of a shock that is kept aside. */
export async function asideOf(tx: Tx, shockId: string): Promise<ShockAside | undefined> {
  const [row] = await tx.query<Row>(
    `SELECT revision, policy_version AS "policyVersion", received_at AS "receivedAt"
     FROM shocks_awaiting_policy WHERE shock_id = $1`,
    [shockId],
  );
  return row;
}

/** Shocks kept aside whose version some process has loaded by now, as they were encoded; those that came first before others. */
export async function shocksThatCanGoOn(tx: Tx): Promise<{ readonly shockId: string; readonly shock: Buffer }[]> {
  return tx.query<{ shockId: string; shock: Buffer }>(
    `SELECT a.shock_id AS "shockId", a.shock FROM shocks_awaiting_policy a JOIN policy_versions p ON p.version = a.policy_version
     ORDER BY a.received_at, a.shock_id`,
  );
}

/** How many shocks are kept aside. */
export async function countAside(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM shocks_awaiting_policy');
  return row?.n ?? 0;
}
