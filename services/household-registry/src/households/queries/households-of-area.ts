import { Injectable } from '@nestjs/common';
import { dutyRange, InvalidValue, type HouseholdId, type RegionCode } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { assertWithin, page, readPage, type Caller, type Page, type PageQuery } from '@fangpin/service-kit';
import type { Household } from '../household.js';
import { HouseholdRepository } from '../household.repository.js';

/** Reads of the register, all under the caller's scope. */
@Injectable()
export class HouseholdsOfArea {
  constructor(
    private readonly database: Database,
    private readonly households: HouseholdRepository,
  ) {}

  /** Refuses with NotFound when the household is unknown or lies outside the caller's area: both look the same. */
  async one(id: HouseholdId, caller: Caller): Promise<Household> {
    return this.database.transaction(caller.scope, (tx) => this.households.get(tx, id));
  }

  /** Pages by area and id. Refuses a region outside the caller's area (403) and a forged cursor (400). */
  async page(region: RegionCode, query: PageQuery, caller: Caller): Promise<Page<Household>> {
    assertWithin(caller, region);
    const { limit, after } = readPage(query);
    const [dutyCode, id] = after ?? [];
    if (after !== undefined && !(Number.isSafeInteger(dutyCode) && Number.isSafeInteger(id)))
      throw new InvalidValue('cursor', query.cursor, 'must be the nextCursor of an earlier page');
    const rows = await this.database.transaction(caller.scope, (tx) =>
      this.households.page(
        tx,
        dutyRange(region),
        after === undefined ? undefined : [dutyCode as number, id as number],
        limit + 1,
      ),
    );
    return page(rows, limit, (household) => [household.dutyCode, household.id]);
  }
}
