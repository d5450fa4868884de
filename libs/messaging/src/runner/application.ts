import type { Tx } from '@fangpin/persistence';
import { lockKeys } from '../parked/key-lock.js';
import type { ParkingLot } from '../parked/parking-lot.js';
import type { EventHandler } from '../port.js';
import { ConsumerHalted, isTransient } from './failures.js';
import type { TopicInbox } from './inbox.js';
import { inSavepoint } from './savepoint.js';
import { isHeld, letterOf, partsOf, wholeUnit, type Unit } from './units.js';

/**
 * Applies what was fetched inside the caller's transaction. Straight: one call a topic. Carefully, after a failure that
 * will not pass: halves and tries again in savepoints until the smallest failing part stands alone, parks it, and lets the
 * rest commit.
 */
export class EventApplication {
  constructor(private readonly parking: ParkingLot) {}

  /** `unresolved`: keys with unresolved letters, by topic. */
  async apply(
    tx: Tx,
    inboxes: readonly TopicInbox[],
    unresolved: ReadonlyMap<string, ReadonlySet<string>>,
    carefully: boolean,
  ): Promise<void> {
    for (const { handler, runs } of inboxes) {
      const units = runs.flatMap(({ events }) => events.map(wholeUnit));
      const held = await this.#holdKeys(tx, handler, units, unresolved.get(handler.topic.name) ?? new Set());
      for (const { events, undecodable } of runs) {
        await this.#go(tx, handler, events.map(wholeUnit), held, carefully);
        if (!undecodable) continue;
        const { letter, error } = undecodable;
        await (held.has(letter.key) ? this.parking.wait(tx, letter) : this.parking.park(tx, letter, error));
        // A fact that cannot be read holds back what comes after it under its key.
        if (handler.topic.nature === 'fact') held.add(letter.key);
      }
    }
  }

  /** Locks the keys of unresolved letters that occur here, and answers those that hold later messages back. */
  async #holdKeys(
    tx: Tx,
    handler: EventHandler,
    units: readonly Unit[],
    unresolved: ReadonlySet<string>,
  ): Promise<Set<string>> {
    if (unresolved.size === 0) return new Set();
    const keys = units.flatMap((unit) => [unit.key, ...partsOf(handler, unit).map((part) => part.key)]);
    await lockKeys(
      tx,
      this.parking.consumer,
      handler.topic,
      keys.filter((key) => unresolved.has(key)),
    );
    if (handler.topic.nature === 'state') return new Set();
    // A replay may have ended while this waited for its lock.
    return this.parking.unresolvedKeys(tx, handler.topic);
  }

  async #go(tx: Tx, handler: EventHandler, all: readonly Unit[], held: Set<string>, carefully: boolean): Promise<void> {
    const units = await this.#setWaiting(tx, handler, all, held);
    if (units.length === 0) return;
    const handle = (within: Tx): Promise<void> =>
      handler.handle(
        units.map(({ event }) => event),
        within,
      );
    if (!carefully) return handle(tx);
    try {
      await inSavepoint(tx, handle);
    } catch (error) {
      if (isTransient(error) || error instanceof ConsumerHalted) throw error;
      await this.#takeApart(tx, handler, units, held, error);
    }
  }

  async #takeApart(
    tx: Tx,
    handler: EventHandler,
    units: readonly Unit[],
    held: Set<string>,
    error: unknown,
  ): Promise<void> {
    const [only] = units;
    if (units.length === 1 && only) {
      const parts = partsOf(handler, only);
      const [part] = parts;
      if (parts.length > 1) return this.#takeApart(tx, handler, parts, held, error);
      return this.#park(tx, handler, part ?? only, held, error);
    }
    const middle = units.length >> 1;
    await this.#go(tx, handler, units.slice(0, middle), held, true);
    await this.#go(tx, handler, units.slice(middle), held, true);
  }

  async #park(tx: Tx, handler: EventHandler, unit: Unit, held: Set<string>, error: unknown): Promise<void> {
    await this.parking.park(tx, letterOf(unit), error);
    if (handler.topic.nature === 'fact') held.add(unit.key);
    await handler.parked?.({ key: unit.key, data: unit.event.data }, unit.origin, tx);
  }

  /** Puts units behind earlier letters of their key; answers those that may go on. */
  async #setWaiting(
    tx: Tx,
    handler: EventHandler,
    units: readonly Unit[],
    held: Set<string>,
  ): Promise<readonly Unit[]> {
    if (held.size === 0) return units;
    const free: Unit[] = [];
    for (const unit of units) {
      const parts = partsOf(handler, unit);
      if (!parts.some((part) => isHeld(part, held))) {
        free.push(unit);
        continue;
      }
      for (const part of parts) {
        if (isHeld(part, held)) await this.parking.wait(tx, letterOf(part));
        else free.push(part);
      }
    }
    return free;
  }
}
