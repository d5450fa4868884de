/**
 * Keeps the lease of a slice that runs longer than it, so that no other instance takes it meanwhile. On a connection of its own:
 * those of the pool may all be held by slices, and the lease is wanted when they are slow. Where this process hangs or is killed
 * no timer runs, and the lease runs out as it should.
 */
import { cellScope, createDataSource, Database } from '@fangpin/persistence';
import { ENV, LOGGER, Rounds, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { FAN_OUT_SETTINGS, type FanOutSettings } from './settings.js';
import { renewLease, type Slice } from './slices.js';

/** A renewal that comes late, or fails once, is in time all the same. */
const RENEWALS_A_LEASE = 3;
/** A slice that is not done after so many leases waits for a database that does not answer: its connections are cut, and it is given back. */
const MOST_LEASES = 15;

/** The slice's work did not end. */
class SliceHangs extends Error {
  constructor(sliceNo: number, seconds: number) {
    super(`slice ${sliceNo} was not done after ${seconds} seconds; its connections are cut`);
    this.name = 'SliceHangs';
  }
}

@Injectable()
export class SliceLeases implements OnApplicationShutdown {
  #database: Promise<Database> | undefined;

  constructor(
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(FAN_OUT_SETTINGS) private readonly settings: FanOutSettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Runs the work of a claimed slice under a lease that is renewed until it ends, or until another instance holds the slice. The work
   * gets a signal, by which it has to end: it aborts after so many leases.
   */
  async keepDuring<T>({ sliceNo }: Slice, claimant: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { leaseSeconds } = this.settings;
    const most = MOST_LEASES * leaseSeconds;
    const hangs = new AbortController();
    const ceiling = setTimeout(() => hangs.abort(new SliceHangs(sliceNo, most)), most * 1000);
    let held = true;
    const renewals = new Rounds(
      (leaseSeconds * 1000) / RENEWALS_A_LEASE,
      async () => {
        if (held && !hangs.signal.aborted) held = await this.renew(sliceNo, claimant);
      },
      (error) => this.log.warn({ err: error, sliceNo }, 'lease of a slice not renewed; trying again'),
    );
    renewals.start();
    try {
      return await work(hangs.signal);
    } catch (error) {
      hangs.signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(ceiling);
      await renewals.stop();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.#database?.catch(() => undefined))?.close();
  }

  private async renew(sliceNo: number, claimant: string): Promise<boolean> {
    const database = await this.database();
    const { leaseSeconds } = this.settings;
    return database.transaction(
      cellScope('job:lease', this.env.cellRegion),
      (tx) => renewLease(tx, sliceNo, claimant, leaseSeconds),
      undefined,
      AbortSignal.timeout(leaseSeconds * 1000),
    );
  }

  /** Opened when first wanted: most slices end long before. */
  private database(): Promise<Database> {
    this.#database ??= createDataSource({
      url: this.env.databaseUrl,
      applicationName: 'risk-alerts-leases',
      poolSize: 1,
    })
      .initialize()
      .then((source) => new Database(source))
      .catch((error: unknown) => {
        this.#database = undefined;
        throw error;
      });
    return this.#database;
  }
}
