/** The type of a household as far as the exposure knows it; what triage and officers tell apart (rulebook §1). */
import { alertReasons, HouseholdGroup } from '@fangpin/contracts';
import { copyOut, type Tx } from '@fangpin/persistence';
import type { ExposureTables } from '../exposure/exposure-sets.js';
import { number } from '../exposure/touched.js';

/** 监测对象, 风险消除户, 脱贫户, 一般农户; `unknown` until the register says the profile again. */
export const householdTypes = ['monitored', 'removed', 'lifted-out', 'ordinary', 'unknown'] as const;
export type HouseholdType = (typeof householdTypes)[number];

/** Being monitored, or removed, says more than the group that the household came from. */
export function typeOf(facts: number, group: number): HouseholdType {
  if ((facts & alertReasons.alreadyMonitored.bit) !== 0) return 'monitored';
  if ((facts & alertReasons.recentlyRemoved.bit) !== 0) return 'removed';
  if (group === HouseholdGroup.LIFTED_OUT) return 'lifted-out';
  return group === HouseholdGroup.ORDINARY ? 'ordinary' : 'unknown';
}

/** Groups of households, asked for in household order, as the exposure streams them: two plain lists instead of a map. */
export class HouseholdGroups {
  readonly #ids: number[] = [];
  readonly #groups: number[] = [];
  #at = 0;

  add(householdId: number, group: number): void {
    this.#ids.push(householdId);
    this.#groups.push(group);
  }

  /** Ids must be asked for in growing order; 0 for one that is not there. */
  of(householdId: number): number {
    while ((this.#ids[this.#at] ?? Infinity) < householdId) this.#at += 1;
    return this.#ids[this.#at] === householdId ? (this.#groups[this.#at] ?? 0) : 0;
  }
}

/** Reads the groups of the active households between two duty codes, under the scope of the transaction. */
export async function readGroups(
  tx: Tx,
  tables: ExposureTables,
  { lo, hi }: { readonly lo: number; readonly hi: number },
  afterChunk: () => Promise<void>,
): Promise<HouseholdGroups> {
  const groups = new HouseholdGroups();
  await copyOut(
    tx.client,
    `SELECT household_id, household_group FROM ${tables.households}
     WHERE active AND duty_code >= ${number(lo)} AND duty_code < ${number(hi)} ORDER BY household_id`,
    (row) => groups.add(row.int8(), row.int2()),
    afterChunk,
  );
  return groups;
}
