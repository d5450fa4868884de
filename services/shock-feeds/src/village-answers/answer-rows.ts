/** Answers as rows, and the notices that they are about. */
import type { RegionCode } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { ShockEntity } from '../shocks/shock.entity.js';
import { Any } from 'typeorm';
import type { AnswerHeard } from './village-answer.js';

export interface StoredAnswer {
  readonly answer: AnswerHeard;
  /** The shock that an earlier 受灾 of the village to this notice became. */
  readonly observedShockId: string | null;
}

/** Answers those that were newer than what stood there, with the shock that they may have to take back. */
export async function storeAnswers(tx: Tx, answers: readonly AnswerHeard[]): Promise<StoredAnswer[]> {
  const rows = answers.map((answer) => ({
    shock_id: answer.shockId,
    village: answer.village,
    revision: answer.revision,
    state: answer.state,
    answered_at: answer.answeredAt,
    crop_hit_centimu: answer.cropHitCentimu,
    crop_lost_centimu: answer.cropLostCentimu,
    houses_collapsed: answer.housesCollapsed,
    houses_damaged: answer.housesDamaged,
    products: answer.products,
    principal_shock_id: answer.principalShockId,
  }));
  const newer = await tx.query<{ shock_id: string; village: string; observed_shock_id: string | null }>(
    `INSERT INTO village_answers AS known (shock_id, village, revision, state, answered_at, crop_hit_centimu, crop_lost_centimu,
       houses_collapsed, houses_damaged, products, principal_shock_id)
     SELECT shock_id, village, revision, state, answered_at, crop_hit_centimu, crop_lost_centimu, houses_collapsed,
            houses_damaged, products, principal_shock_id
       FROM jsonb_to_recordset($1::jsonb) AS new (shock_id uuid, village text, revision bigint, state text,
            answered_at timestamptz, crop_hit_centimu bigint, crop_lost_centimu bigint, houses_collapsed integer,
            houses_damaged integer, products integer[], principal_shock_id uuid)
     ON CONFLICT (shock_id, village) DO UPDATE SET revision = excluded.revision, state = excluded.state,
       answered_at = excluded.answered_at, crop_hit_centimu = excluded.crop_hit_centimu,
       crop_lost_centimu = excluded.crop_lost_centimu, houses_collapsed = excluded.houses_collapsed,
       houses_damaged = excluded.houses_damaged, products = excluded.products,
       principal_shock_id = excluded.principal_shock_id
     WHERE known.revision < excluded.revision
     RETURNING shock_id, village, observed_shock_id`,
    [JSON.stringify(rows)],
  );
  const observed = new Map(newer.map((row) => [`${row.shock_id}/${row.village}`, row.observed_shock_id]));
  return answers.flatMap((answer) => {
    const observedShockId = observed.get(`${answer.shockId}/${answer.village}`);
    return observedShockId === undefined ? [] : [{ answer, observedShockId }];
  });
}

export async function loadNotices(tx: Tx, shockIds: readonly string[]): Promise<ReadonlyMap<string, ShockEntity>> {
  if (shockIds.length === 0) return new Map();
  const rows = await tx.manager.getRepository(ShockEntity).findBy({ shockId: Any([...new Set(shockIds)]) });
  return new Map(rows.map((row) => [row.shockId, row]));
}

export interface ObservedBy {
  readonly shockId: string;
  readonly village: RegionCode;
  readonly observedShockId: string | null;
}

export async function recordObserved(tx: Tx, observed: readonly ObservedBy[]): Promise<void> {
  if (observed.length === 0) return;
  await tx.execute(
    `UPDATE village_answers a SET observed_shock_id = o.observed_shock_id
       FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS o (shock_id, village, observed_shock_id)
      WHERE a.shock_id = o.shock_id AND a.village = o.village`,
    [
      observed.map(({ shockId }) => shockId),
      observed.map(({ village }) => village),
      observed.map(({ observedShockId }) => observedShockId),
    ],
  );
}
