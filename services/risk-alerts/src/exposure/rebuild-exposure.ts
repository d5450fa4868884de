/**
 * Shadow rebuild: reads the compacted topics from their beginning into the idle exposure set, under a group of its own,
 * while the live set goes on; then swaps the two in one transaction. For a projection that is damaged, or whose columns
 * have changed meaning.
 */
import { topics, type HouseholdProfile, type IncomeAssessment } from '@fangpin/contracts';
import { DomainError } from '@fangpin/domain-kit';
import { ConsumerRunner, type Bus, type EventHandler } from '@fangpin/messaging';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { BUS, ENV, LOGGER, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Wakeups } from '../fan-out/wakeups.js';
import { exposureTables, type ExposureSet, type ExposureTables } from './exposure-sets.js';
import { applyAssessments, applyProfiles } from './exposure-store.js';
import { swapExposure } from './swap-exposure.js';

export interface RebuildStatus {
  readonly rebuildNo: number;
  readonly state: 'none' | 'running' | 'swapped' | 'failed';
  readonly live: ExposureSet;
  readonly startedAt: Date | null;
  readonly swappedAt: Date | null;
}

/** A later rebuild was asked for: this one must not write any more. */
class RebuildOvertaken extends DomainError {
  constructor(rebuildNo: number) {
    super('EXPOSURE.REBUILD_OVERTAKEN', 'conflict', `rebuild ${rebuildNo} was overtaken by a later one`);
  }
}

const RETRY_SWAP_MS = 50;

@Injectable()
export class RebuildExposure implements BeforeApplicationShutdown {
  #running: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(
    private readonly database: Database,
    @Inject(BUS) private readonly bus: Bus,
    private readonly wakeups: Wakeups,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  status(): Promise<RebuildStatus> {
    return this.inScope(async (tx) => {
      const [row] = await tx.query<RebuildStatus & Record<string, unknown>>(
        `SELECT rebuild_no AS "rebuildNo", rebuild_state AS state, live, rebuild_started_at AS "startedAt",
           swapped_at AS "swappedAt" FROM exposure_current`,
      );
      if (row === undefined) throw new Error('exposure_current has no row');
      return row;
    });
  }

  /** Begins a rebuild in the background; one that was running is overtaken. */
  async start(): Promise<RebuildStatus> {
    const { rebuildNo, shadow } = await this.inScope(async (tx) => {
      const [row] = await tx.query<{ rebuild_no: number }>(
        `UPDATE exposure_current SET rebuild_no = rebuild_no + 1, rebuild_state = 'running', rebuild_started_at = now()
         RETURNING rebuild_no`,
      );
      const [idle] = await tx.query<{ set: ExposureSet }>('SELECT empty_idle_exposure() AS set');
      if (row === undefined || idle === undefined) throw new Error('exposure_current has no row');
      return { rebuildNo: row.rebuild_no, shadow: exposureTables(idle.set) };
    });
    this.#running = this.run(rebuildNo, shadow).catch(async (error: unknown) => {
      this.log.error({ err: error, rebuildNo }, 'exposure rebuild failed; the live set is untouched');
      await this.inScope((tx) =>
        tx.execute(
          `UPDATE exposure_current SET rebuild_state = 'failed' WHERE rebuild_no = $1 AND rebuild_state = 'running'`,
          [rebuildNo],
        ),
      );
    });
    return this.status();
  }

  /** Resolves when the rebuild begun here has ended, well or not. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  private async run(rebuildNo: number, shadow: ExposureTables): Promise<void> {
    const group = `risk-alerts.rebuild-${rebuildNo}`;
    const runner = new ConsumerRunner({
      bus: this.bus,
      database: this.database,
      service: 'risk-alerts',
      handlers: shadowHandlers(rebuildNo, shadow),
      cell: this.env.cellRegion,
      group,
      log: this.log,
    });
    await runner.start();
    try {
      await runner.waitUntilCaughtUp();
      while (!(await this.inScope((tx) => swapExposure(tx, rebuildNo, group, shadow)))) {
        if (this.#stopping) throw new Error('the service is stopping');
        await sleep(RETRY_SWAP_MS);
      }
      this.log.info({ rebuildNo, live: shadow.set }, 'exposure rebuilt and swapped');
      this.wakeups.wake();
    } finally {
      await runner.stop();
    }
  }

  private inScope<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(cellScope('job:rebuild', this.env.cellRegion), work);
  }
}

function shadowHandlers(rebuildNo: number, shadow: ExposureTables): EventHandler[] {
  const profiles: EventHandler<HouseholdProfile> = {
    topic: topics.household,
    handle: async (events, tx) => {
      await requireCurrent(tx, rebuildNo);
      await applyProfiles(
        tx,
        shadow,
        events.map((event) => event.data),
      );
    },
  };
  const assessments: EventHandler<IncomeAssessment> = {
    topic: topics.assessment,
    handle: async (events, tx) => {
      await requireCurrent(tx, rebuildNo);
      await applyAssessments(
        tx,
        shadow,
        events.map((event) => event.data),
      );
    },
  };
  return [profiles as unknown as EventHandler, assessments as unknown as EventHandler];
}

async function requireCurrent(tx: Tx, rebuildNo: number): Promise<void> {
  const [row] = await tx.query<{ rebuild_no: number }>('SELECT rebuild_no FROM exposure_current FOR SHARE');
  if (row?.rebuild_no !== rebuildNo) throw new RebuildOvertaken(rebuildNo);
}
