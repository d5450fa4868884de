/** Lists and reads of shocks. */
import { COUNTRY, isUuid, NotFound, parseRegionCode } from '@fangpin/domain-kit';
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
        'SELECT revision, at, cause, published, shock FROM shock_revisions WHERE shock_id = $1 ORDER BY revision',
        [shockId],
      );
      return { ...shockView(shock), revisions: revisions.map((row) => ({ ...row, at: row.at.toISOString() })) };
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
