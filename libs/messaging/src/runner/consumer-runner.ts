import type { RegionCode } from '@fangpin/domain-kit';
import { cellScope, type Database, type Scope } from '@fangpin/persistence';
import type { ServiceName, Topic } from '@fangpin/contracts';
import { rest } from '../backoff.js';
import { assertCatalogue } from '../catalogue.js';
import { silentLog, type Log } from '../log.js';
import { ParkingLot } from '../parked/parking-lot.js';
import { ReplayPump } from '../parked/replay-pump.js';
import type { Bus, BusSubscription, EventHandler } from '../port.js';
import { EventApplication } from './application.js';
import { positionsOnAssignment } from './assignment.js';
import { BatchTransaction } from './batch-transaction.js';
import { ConsumerHalted, isTransient } from './failures.js';
import { Gathering, type GatheredBatch } from './gathering.js';
import { HealthBoard, type ConsumerHealth } from './health.js';
import { Patience } from './patience.js';
import { Positions } from './positions.js';
import { progressOf } from './progress.js';
import type { TransactionLimits } from './transaction-limits.js';

export interface ConsumerRunnerSettings extends Partial<TransactionLimits> {
  readonly bus: Bus;
  readonly database: Database;
  readonly service: ServiceName;
  /** One for each topic whose catalogue entry names the service; their order is the order inside a transaction. */
  readonly handlers: readonly EventHandler[];
  /** Area whose rows the handlers may see; the whole country when not said. */
  readonly cell?: RegionCode;
  /** Defaults to the service's name; a rebuild uses one of its own. */
  readonly group?: string;
  readonly log?: Log;
  /** More letters parked within a minute halt the consumer; 50. */
  readonly mostParkedAMinute?: number;
  /** First and longest wait after a failure that passes by itself. */
  readonly backoff?: { readonly firstMs: number; readonly mostMs: number };
  /** How often letters marked for replay are looked for; one second. */
  readonly replayEveryMs?: number;
  /** Awaited before each transaction: how a runner of bulk work gives way to a live one ({@link givingWay}). */
  readonly giveWay?: (signal: AbortSignal) => Promise<void>;
}

/** Applies the topics of one service; see the README for what it guarantees and what a handler must do. */
export class ConsumerRunner {
  readonly #settings: ConsumerRunnerSettings;
  readonly #group: string;
  readonly #scope: Scope;
  readonly #log: Log;
  readonly #board: HealthBoard;
  readonly #positions = new Positions();
  readonly #transaction: BatchTransaction;
  readonly #gathering = new Gathering((batches) => this.#applyGathered(batches));
  readonly #pump: ReplayPump;
  readonly #replayEveryMs: number;
  readonly #stopping = new AbortController();
  readonly #patience: Patience;
  #subscription: BusSubscription | undefined;
  #joins = 0;

  /** Throws when the handlers do not fit the topic catalogue; a group of its own (a rebuild) may follow only some topics. */
  constructor(settings: ConsumerRunnerSettings) {
    if (settings.group === undefined) assertCatalogue(settings.service, settings.handlers);
    this.#settings = settings;
    this.#group = settings.group ?? settings.service;
    this.#scope = cellScope(`consumer:${this.#group}`, settings.cell);
    this.#log = settings.log ?? silentLog;
    this.#board = new HealthBoard(this.#group, this.#log);
    const parking = new ParkingLot(this.#group, settings.mostParkedAMinute ?? 50, this.#log);
    const { database, handlers } = settings;
    const limits = {
      lockTimeoutMs: settings.lockTimeoutMs ?? 10_000,
      idleInTransactionMs: settings.idleInTransactionMs ?? 60_000,
    };
    const application = new EventApplication(parking);
    this.#transaction = new BatchTransaction(database, this.#scope, this.#group, application, limits);
    this.#pump = new ReplayPump(database, this.#scope, this.#group, handlers, limits, this.#log);
    this.#replayEveryMs = settings.replayEveryMs ?? 1_000;
    this.#patience = new Patience(
      settings.backoff ?? { firstMs: 100, mostMs: 15_000 },
      this.#board,
      this.#stopping.signal,
    );
  }

  /** Subscribes and goes on in the background; a bus or database that is away shows in {@link health}, not here. */
  async start(): Promise<void> {
    const { topics } = this;
    if (topics.length === 0) return;
    this.#subscription = await this.#settings.bus.subscribe({
      group: this.#group,
      topics,
      onAssigned: (assigned) => this.#onAssigned(assigned),
      onBatch: (batch, heartbeat) => this.#gathering.add(batch, heartbeat),
      onCrash: (error) => this.#board.pause(`the consumer is started again: ${error.message}`),
    });
    this.#pump.start(this.#replayEveryMs);
  }

  /** Ends after the running transaction; what was fetched but not applied is fetched again by whoever is next. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#gathering.release(new Error('the consumer is stopping'));
    await this.#pump.stop();
    await this.#subscription?.close();
  }

  /** The group under which progress and letters are kept. */
  get group(): string {
    return this.#group;
  }

  get topics(): readonly Topic[] {
    return this.#settings.handlers.map(({ topic }) => topic);
  }

  health(): ConsumerHealth {
    return this.#board.health();
  }

  /** For how long (ms) nothing fetched has waited or been applied; 0 while something is. */
  idleMs(): number {
    return this.#gathering.idleMs();
  }

  /** Resolves when everything that was on the topics at the call is applied; throws when the consumer halts. */
  async waitUntilCaughtUp(): Promise<void> {
    const { bus, handlers } = this.#settings;
    for (const { topic } of handlers) {
      const ends = await bus.endOffsets(topic);
      for (;;) {
        const { state, reason } = this.health();
        if (state === 'halted') throw new ConsumerHalted(reason ?? 'halted');
        if (await this.#hasReached(topic, ends)) break;
        await rest(20);
      }
    }
  }

  async #hasReached(topic: Topic, ends: ReadonlyMap<number, bigint>): Promise<boolean> {
    const progress = await progressOf(this.#settings.database, this.#group, topic);
    return [...ends].every(([partition, end]) => end === 0n || (progress.get(partition) ?? -1n) >= end);
  }

  async #onAssigned(assigned: readonly { topic: Topic; partition: number }[]): Promise<void> {
    const { bus, database } = this.#settings;
    const join = ++this.#joins;
    for (let attempt = 0; ; attempt += 1)
      try {
        const positions = await positionsOnAssignment(bus, database, this.#scope, this.#group, assigned);
        // The group has been joined anew while the database did not answer: that join's positions count.
        if (join !== this.#joins) return;
        this.#positions.replace(positions);
        for (const { topic, partition, nextOffset } of positions)
          this.#subscription?.seek(topic, partition, nextOffset);
        this.#board.run();
        return;
      } catch (error) {
        if (!isTransient(error)) return this.#halt(error);
        if (!(await this.#patience.wait(error, attempt))) throw error;
      }
  }

  /** Repeats until the batches are applied, given back, or the consumer halts; never throws. */
  async #applyGathered(gathered: readonly GatheredBatch[]): Promise<void> {
    let carefully = false;
    for (let attempt = 0; ;) {
      try {
        const applied = await this.#applyOnce(gathered, carefully);
        this.#board.run();
        return applied;
      } catch (error) {
        const again = error instanceof Error ? error : new Error(String(error));
        if (error instanceof ConsumerHalted || this.#board.halted) {
          this.#halt(error);
          return gathered.forEach((batch) => batch.again(again));
        }
        if (!isTransient(error) && !carefully) {
          carefully = true;
          continue;
        }
        // What fails outside the handlers even when they are taken one by one is nobody's letter: wait, in the end halt.
        if (!isTransient(error) && attempt >= 5) {
          this.#halt(error);
          return gathered.forEach((batch) => batch.again(again));
        }
        if (!(await this.#patience.wait(error, attempt++, gathered)))
          return gathered.forEach((batch) => batch.again(again));
      }
    }
  }

  async #applyOnce(gathered: readonly GatheredBatch[], carefully: boolean): Promise<void> {
    const { bus, handlers, giveWay } = this.#settings;
    await giveWay?.(this.#stopping.signal);
    const usable: GatheredBatch[] = [];
    for (const one of gathered) {
      const seek = await this.#positions.judge(one.batch, bus);
      if (seek === 'apply') usable.push(one);
      else this.#subscription?.seek(one.batch.topic, one.batch.partition, seek);
    }
    const batches = usable.map(({ batch }) => batch);
    const outcome = await this.#transaction.run(handlers, batches, this.#positions, carefully);
    for (const { topic, partition, nextOffset } of outcome.fenced) {
      this.#log.warn(
        { topic: topic.name, partition },
        'another member has moved this partition; its batch is thrown away',
      );
      this.#positions.set(topic, partition, nextOffset);
      this.#subscription?.seek(topic, partition, nextOffset);
    }
    for (const { topic, partition, nextOffset } of outcome.advanced) {
      this.#positions.set(topic, partition, nextOffset);
      this.#subscription?.mirror(topic, partition, nextOffset);
    }
    for (const one of gathered) one.done();
  }

  #halt(error: unknown): void {
    this.#board.halt(error instanceof Error ? error.message : String(error));
    this.#stopping.abort();
    this.#gathering.release(new Error('the consumer is halted'));
    void this.#pump.stop();
    // Not awaited: closing waits for the batch that is halting.
    void this.#subscription?.close().catch(() => undefined);
  }
}
