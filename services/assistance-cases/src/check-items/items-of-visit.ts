/** The item that a result is recorded for, and the others that the same visit answers. */
import { composeDerivedId, NotFound, parseDerivedId, type FieldProblem } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { In } from 'typeorm';
import { lockOpenCase } from '../cases/case.repository.js';
import { OtherItemsClosed } from './check-item.errors.js';
import { CheckItemEntity } from './check-item.entity.js';
import { checkItemStateOf, checkItemStates, isOpenItem, type CheckResult } from './check-item-states.js';

export class ItemsOfVisit {
  private constructor(
    readonly item: CheckItemEntity,
    private readonly byOrigin: ReadonlyMap<number, CheckItemEntity>,
  ) {}

  /**
   * Locks the household's open case and then the items, in the order that triage and steps of cases lock them. The ids of the
   * others are taken from the body as it came: it is judged later. Throws `CHECK_ITEM.NOT_FOUND`; refuses what is no id (400).
   */
  static async lock(tx: Tx, id: string, body: unknown): Promise<ItemsOfVisit> {
    const { origin, householdId } = parseDerivedId(id);
    const others = namedIn(body).flatMap((text) => originOf(text, householdId) ?? []);
    await lockOpenCase(tx, householdId);
    const found = await tx.manager.find(CheckItemEntity, {
      where: { householdId, origin: In([origin, ...others]) },
      order: { origin: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    const byOrigin = new Map(found.map((item) => [item.origin, item]));
    const item = byOrigin.get(origin);
    if (item === undefined) throw new NotFound('check item', id);
    return new ItemsOfVisit(item, byOrigin);
  }

  /** Of all the items that were found. */
  get origins(): number[] {
    return [...this.byOrigin.keys()];
  }

  /** What is wrong with the ids of the others, each by its place. `earliest`: by origin, the first day on which a visit can answer the item. */
  problems(
    ids: readonly string[] | null | undefined,
    checkedOn: string,
    earliest: ReadonlyMap<number, string>,
  ): FieldProblem[] {
    return (ids ?? []).flatMap((value, i) => {
      const rule = this.ruleAgainst(value, checkedOn, earliest);
      return rule === undefined ? [] : [{ field: `alsoAnswers[${i}]`, value, rule }];
    });
  }

  /** The open ones of the others. Those closed with the same result are passed over; any other closed one is refused (409). */
  others(ids: readonly string[] | null | undefined, result: CheckResult): CheckItemEntity[] {
    const origins = new Set((ids ?? []).map((id) => parseDerivedId(id).origin));
    origins.delete(this.item.origin);
    const named = [...origins].flatMap((origin) => this.byOrigin.get(origin) ?? []);
    const closed = named.filter(({ state }) => !isOpenItem(state) && state !== checkItemStates[result].code);
    if (closed.length > 0)
      throw new OtherItemsClosed(
        closed.map((item) => ({ id: composeDerivedId(item), state: checkItemStateOf(item.state) })),
      );
    return named.filter(({ state }) => isOpenItem(state));
  }

  private ruleAgainst(id: string, checkedOn: string, earliest: ReadonlyMap<number, string>): string | undefined {
    const { householdId } = this.item;
    const origin = originOf(id, householdId);
    if (origin === undefined) return `must be the id of a check item of household ${householdId}`;
    const named = this.byOrigin.get(origin);
    if (named === undefined) return 'must be the id of a check item that is there';
    const from = earliest.get(origin);
    // Its own day is told of `checkedOn`; what is closed is not answered anew.
    if (named === this.item || !isOpenItem(named.state) || from === undefined || checkedOn >= from) return undefined;
    return `must be an item of which there was anything to see on ${checkedOn} (${from})`;
  }
}

function namedIn(body: unknown): string[] {
  const ids = (body as { alsoAnswers?: unknown } | null | undefined)?.alsoAnswers;
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string').slice(0, 50) : [];
}

/** Nothing for what is no id, or the id of another household's. */
function originOf(id: string, household: number): number | undefined {
  try {
    const { origin, householdId } = parseDerivedId(id);
    return householdId === household ? origin : undefined;
  } catch {
    return undefined;
  }
}
