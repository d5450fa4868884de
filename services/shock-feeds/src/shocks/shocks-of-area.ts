/** Lists and reads of shocks. */
import { COUNTRY, isUuid, NotFound, parseRegionCode, toBeijingTime } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { assertWithin, page, readPage, type Caller, type Page } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { ShockEntity } from './shock.entity.js';
import { ShockStore } from './shock-store.js';
import { shockView, type ShockView } from './shock-view.js';
import type { ShocksQuery } from './shocks.query.js';

export interface RevisionView {
  readonly revision: number;
  readonly at: string;
  readonly cause: string;
  readonly published: boolean;
  readonly shock: object;
  /** Who applied a policy backwards, why and by which document; null of every other revision. */
  readonly policyApplication: object | null;
}

@Injectable()
export class ShocksOfArea {
  constructor(
    private readonly database: Database,
    private readonly shocks: ShockStore,
  ) {}

  /** Newest first. Refuses an area outside the caller's (403). */
  async page(query: ShocksQuery, caller: Caller): Promise<Page<ShockView>> {
    const region = query.region === undefined ? caller.region : parseRegionCode(query.region);
    assertWithin(caller, region);
    const { limit, after } = readPage(query);
    const rows = await this.database.transaction(caller.scope, (tx) => {
      const select = tx.manager.getRepository(ShockEntity).createQueryBuilder('shock');
      for (const name of ['lane', 'state', 'kind'] as const)
        if (query[name] !== undefined) select.andWhere(`shock.${name} = :${name}`, { [name]: query[name] });
      if (after !== undefined) select.andWhere('shock.shockNo < :after', { after: Number(after[0]) });
      if (region !== COUNTRY) select.andWhere(TOUCHES_AREA, { country: COUNTRY, region });
      return select
        .orderBy('shock.shockNo', 'DESC')
        .take(limit + 1)
        .getMany();
    });
    const { items, nextCursor } = page(rows, limit, (row) => [row.shockNo]);
    return { items: items.map(shockView), nextCursor };
  }

  async one(id: string, caller: Caller): Promise<ShockView & { readonly revisions: readonly RevisionView[] }> {
    const shockId = readShockId(id);
    return this.database.transaction(caller.scope, async (tx) => {
      const shock = await this.shocks.findShock(tx, shockId);
      if (shock === null) throw new NotFound('shock', id);
      const revisions = await tx.query<Omit<RevisionView, 'at'> & { at: Date }>(
        `SELECT r.revision, r.at, r.cause, r.published, r.shock, CASE WHEN a.application_id IS NOT NULL THEN
           jsonb_build_object('id', a.application_id, 'by', a.requested_by, 'reason', a.reason, 'document', a.document,
             'fromVersion', s.from_version, 'toVersion', a.to_version) END AS "policyApplication"
         FROM shock_revisions r LEFT JOIN policy_applications a USING (application_id)
           LEFT JOIN policy_application_shocks s USING (application_id, shock_id)
         WHERE r.shock_id = $1 ORDER BY r.revision`,
        [shockId],
      );
      return { ...shockView(shock), revisions: revisions.map((row) => ({ ...row, at: toBeijingTime(row.at) })) };
    });
  }
}

/** Areas that lie in the asked one or around it. */
const TOUCHES_AREA = `EXISTS (SELECT FROM unnest(shock.regions) AS area
  WHERE area = :country OR starts_with(area, :region) OR starts_with(:region, area))`;

/** Ids are UUIDs; any other text names no shock (404), as a well-formed id does that was never given out. */
export function readShockId(id: string): string {
  const shockId = id.toLowerCase();
  if (!isUuid(shockId)) throw new NotFound('shock', id);
  return shockId;
}
