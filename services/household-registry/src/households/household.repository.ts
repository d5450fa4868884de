import { Injectable } from '@nestjs/common';
import { NotFound, type HouseholdId } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { In } from 'typeorm';
import { HouseholdChangeEntity } from './entities/household-change.entity.js';
import { HouseholdMemberEntity } from './entities/household-member.entity.js';
import { HouseholdEntity } from './entities/household.entity.js';
import { LivelihoodEntity } from './entities/livelihood.entity.js';
import { householdFromRows, householdRow, livelihoodRow, memberRow } from './entities/rows.js';
import type { Household } from './household.js';

export interface HouseholdChange {
  /** Codes of what was changed, one or several: `registered`, `moved`, `livelihoods`. */
  readonly change: readonly string[];
  readonly actor: string;
}

/** Households and their parts. Every call runs in the caller's transaction, so row security shows the caller's area only. */
@Injectable()
export class HouseholdRepository {
  async nextId(tx: Tx): Promise<HouseholdId> {
    const [row] = await tx.query<{ id: HouseholdId }>("SELECT nextval('household_ids') AS id");
    if (row === undefined) throw new Error('the sequence of household ids gave nothing');
    return row.id;
  }

  async findBySourceKey(tx: Tx, sourceKey: string): Promise<Household | undefined> {
    const row = await tx.manager.findOneBy(HouseholdEntity, { sourceKey });
    return row === null ? undefined : (await this.#withParts(tx, [row]))[0];
  }

  /** Refuses with NotFound when there is none in the transaction's scope. */
  async get(tx: Tx, id: HouseholdId): Promise<Household> {
    return this.#only(tx, id, await tx.manager.findOneBy(HouseholdEntity, { id }));
  }

  /** As {@link get}, and keeps others from changing the household until the transaction ends. */
  async getForChange(tx: Tx, id: HouseholdId): Promise<Household> {
    const row = await tx.manager.findOne(HouseholdEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return this.#only(tx, id, row);
  }

  /** Households of an area by (duty code, id), beginning behind a key. */
  async page(
    tx: Tx,
    area: { lo: number; hi: number },
    after: readonly [dutyCode: number, id: HouseholdId] | undefined,
    limit: number,
  ): Promise<Household[]> {
    const [dutyCode, id] = after ?? [area.lo, 0];
    const rows = await tx.manager
      .createQueryBuilder(HouseholdEntity, 'h')
      .where('h.dutyCode >= :lo AND h.dutyCode < :hi', area)
      .andWhere('(h.dutyCode, h.id) > (:dutyCode, :id)', { dutyCode, id })
      .orderBy({ 'h.dutyCode': 'ASC', 'h.id': 'ASC' })
      .limit(limit)
      .getMany();
    return this.#withParts(tx, rows);
  }

  async add(tx: Tx, household: Household, change: HouseholdChange): Promise<void> {
    await tx.manager.insert(HouseholdEntity, householdRow(household));
    await this.#addParts(tx, household);
    await this.#addChange(tx, household, change);
  }

  /** Stores a changed household; members and livelihoods are replaced, their duty code follows the household. */
  async replace(tx: Tx, household: Household, change: HouseholdChange): Promise<void> {
    const { id, ...columns } = householdRow(household);
    await tx.manager.update(HouseholdEntity, { id }, columns);
    await tx.manager.delete(HouseholdMemberEntity, { householdId: id });
    await tx.manager.delete(LivelihoodEntity, { householdId: id });
    await this.#addParts(tx, household);
    await this.#addChange(tx, household, change);
  }

  async #only(tx: Tx, id: HouseholdId, row: HouseholdEntity | null): Promise<Household> {
    const [household] = row === null ? [] : await this.#withParts(tx, [row]);
    if (household === undefined) throw new NotFound('household', String(id));
    return household;
  }

  async #withParts(tx: Tx, rows: readonly HouseholdEntity[]): Promise<Household[]> {
    if (rows.length === 0) return [];
    const where = { householdId: In(rows.map((row) => row.id)) };
    const members = await tx.manager.find(HouseholdMemberEntity, { where, order: { memberNo: 'ASC' } });
    const livelihoods = await tx.manager.find(LivelihoodEntity, { where, order: { livelihoodNo: 'ASC' } });
    const membersOf = Map.groupBy(members, (row) => row.householdId);
    const livelihoodsOf = Map.groupBy(livelihoods, (row) => row.householdId);
    return rows.map((row) => householdFromRows(row, membersOf.get(row.id) ?? [], livelihoodsOf.get(row.id) ?? []));
  }

  async #addParts(tx: Tx, household: Household): Promise<void> {
    await tx.manager.insert(
      HouseholdMemberEntity,
      household.members.map((member, at) => memberRow(household, member, at)),
    );
    if (household.livelihoods.length > 0)
      await tx.manager.insert(
        LivelihoodEntity,
        household.livelihoods.map((livelihood, at) => livelihoodRow(household, livelihood, at)),
      );
  }

  async #addChange(tx: Tx, household: Household, { change, actor }: HouseholdChange): Promise<void> {
    await tx.manager.insert(HouseholdChangeEntity, {
      householdId: household.id,
      revision: household.revision,
      dutyCode: household.dutyCode,
      change: change.join(' '),
      actor,
      at: household.updatedAt,
    });
  }
}
