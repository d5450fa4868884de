/**
 * The loop that carries fan-outs on: plan what can be planned, run slices; what adds up is settled beside (settle-worker.ts). Any
 * number of instances may run it; claims keep them apart. What is of the bulk lane has a loop beside, one worker fewer, and gives
 * way at every slice: a live shock never waits for more than the slices of it that run already.
 */
import { randomUUID } from 'node:crypto';
import type { AlertLane } from '@fangpin/contracts';
import { cellScope, Database } from '@fangpin/persistence';
import { ENV, LOGGER, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SettleWorker } from '../ledger/settle-worker.js';
import { giveBack } from './give-back.js';
import { PlanFanOuts } from './plan-fan-outs.js';
import { RunSlice } from './run-slice.js';
import { FAN_OUT_SETTINGS, type FanOutSettings } from './settings.js';
import { SliceLeases } from './slice-leases.js';
import { claimSlice, SliceLost, type Slice } from './slices.js';
import { Wakeups } from './wakeups.js';

/** Looks by itself this often; consumers wake it at once. */
const IDLE_MS = 1_000;
/** While something waits for offsets, it looks more often. */
const BUSY_MS = 50;

/** What the last slices of a fan-out leave to be withdrawn is for all workers, after a look at what else has come. */
interface Round {
  /** A worker has found nothing. */
  over: boolean;
  /** Another one was at a slice then, after which there may be more: the next round begins at once. */
  ranOn: boolean;
}

@Injectable()
export class FanOutWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #claimant = randomUUID();
  #stopping = false;
  #loop: Promise<unknown> | undefined;
  readonly #bulkWakeups = new Wakeups();

  constructor(
    private readonly database: Database,
    private readonly plan: PlanFanOuts,
    private readonly runSlice: RunSlice,
    private readonly leases: SliceLeases,
    private readonly settle: SettleWorker,
    private readonly wakeups: Wakeups,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(FAN_OUT_SETTINGS) private readonly settings: FanOutSettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop = Promise.all([this.run(), this.runBulk()]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    this.wakeups.wake();
    this.#bulkWakeups.wake();
    await this.#loop;
  }

  private async run(): Promise<void> {
    while (!this.#stopping) {
      let busy = false;
      try {
        busy = await this.round();
      } catch (error) {
        // The database or the bus is away, or one fan-out cannot be planned: say so and look again.
        this.log.warn({ err: error }, 'fan-out round failed; trying again');
      }
      this.#bulkWakeups.wake();
      this.settle.wake();
      if (!this.#stopping) await this.wakeups.next(busy ? BUSY_MS : IDLE_MS);
    }
  }

  /** Plans one fan-out of the bulk lane, runs its slices, then looks at the next. */
  private async runBulk(): Promise<void> {
    const workers = Math.max(1, this.settings.slicesAtOnce - 1);
    while (!this.#stopping) {
      let planned = 0;
      let failed = 0;
      try {
        ({ planned, failed } = await this.plan.execute('bulk'));
        await Promise.all(Array.from({ length: workers }, () => this.runSlices('bulk')));
      } catch (error) {
        this.log.warn({ err: error }, 'fan-outs of the bulk lane wait; trying again');
      }
      // One that cannot be planned sits out its time: the next is looked at at once.
      if (planned + failed === 0 && !this.#stopping) await this.#bulkWakeups.next(IDLE_MS);
    }
  }

  /** One round; answers whether something is still on its way. */
  private async round(): Promise<boolean> {
    const { waiting } = await this.plan.execute('live');
    const round: Round = { over: false, ranOn: false };
    await Promise.all(Array.from({ length: this.settings.slicesAtOnce }, () => this.runSlices('live', round)));
    if (round.ranOn) this.wakeups.wake();
    return waiting > 0;
  }

  /** Until nothing can be taken; of a round, until one of its workers finds nothing and the others are through with theirs. */
  private async runSlices(lane: AlertLane, round?: Round): Promise<void> {
    while (!this.#stopping) {
      const slice = await this.claim(lane);
      if (slice === undefined) {
        if (round !== undefined) round.over = true;
        return;
      }
      await this.runOne(slice);
      if (round?.over === true) {
        round.ranOn = true;
        return;
      }
    }
  }

  private claim(lane: AlertLane): Promise<Slice | undefined> {
    return this.database.transaction(cellScope('job:claim', this.env.cellRegion), (tx) =>
      claimSlice(tx, this.#claimant, this.settings.leaseSeconds, lane),
    );
  }

  private async runOne(slice: Slice): Promise<void> {
    const started = performance.now();
    try {
      const alerts = await this.leases.keepDuring(slice, this.#claimant, (signal) =>
        this.runSlice.execute(slice, this.#claimant, signal),
      );
      this.log.info({ sliceNo: slice.sliceNo, alerts, ms: Math.round(performance.now() - started) }, 'slice stored');
    } catch (error) {
      if (error instanceof SliceLost) return this.log.warn({ sliceNo: slice.sliceNo }, error.message);
      this.log.error({ err: error, sliceNo: slice.sliceNo }, 'slice failed; it goes back to be tried again');
      await this.database.transaction(cellScope('job:claim', this.env.cellRegion), (tx) =>
        giveBack(tx, slice, this.#claimant, error),
      );
    }
  }
}
