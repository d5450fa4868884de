/**
 * Tells operators of what does not get on: the gauges `fangpin_slices_stuck`, `fangpin_slices_awaiting_policy`,
 * `fangpin_fan_outs_unplanned`, `fangpin_fan_outs_awaiting_exposure` and `fangpin_relooks_failing`, and a line in the log when there are more than before.
 */
import { cellScope, Database } from '@fangpin/persistence';
import { createGauge, ENV, LOGGER, METRICS, type BaseEnv, type Logger, type Registry } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { countPlanFailures } from '../fan-out/plan-failures.js';
import { countFailingRelooks } from '../fan-out/relook-requests.js';
import { FAN_OUT_SETTINGS, type FanOutSettings } from '../fan-out/settings.js';
import { countAside } from '../fan-out/shocks-aside.js';
import { countAwaitingExposure } from '../fan-out/unread-exposure.js';
import { LEDGER_SETTINGS, type LedgerSettings } from './settings.js';
import { countAwaitingPolicy, countStuckSlices } from './stuck-slices.js';

const LOOK_MS = 10_000;

@Injectable()
export class WatchStuckSlices implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #stuck = 0;
  #lacking = 0;
  #unplanned = 0;
  #awaiting = 0;
  #relooks = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<number> = Promise.resolve(0);

  constructor(
    private readonly database: Database,
    @Inject(LEDGER_SETTINGS) private readonly settings: LedgerSettings,
    @Inject(FAN_OUT_SETTINGS) private readonly fanOut: FanOutSettings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(METRICS) metrics: Registry,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    const help = 'Slices of fan-outs that keep failing or are not published long after they were cut';
    createGauge(metrics, 'fangpin_slices_stuck', help, [], (gauge) => gauge.set(this.#stuck));
    const lack =
      'Slices whose townships cannot be judged by the policy version of their shock: a line or a band was not set';
    createGauge(metrics, 'fangpin_slices_awaiting_policy', lack, [], (gauge) => gauge.set(this.#lacking));
    const why =
      'Fan-outs that could not be planned and are tried again, and shocks of an unknown policy version; their ledger names the error';
    createGauge(metrics, 'fangpin_fan_outs_unplanned', why, [], (gauge) => gauge.set(this.#unplanned));
    const waits = 'Fan-outs that wait until the exposure has read what was said before their shock, or went on without';
    createGauge(metrics, 'fangpin_fan_outs_awaiting_exposure', waits, [], (gauge) => gauge.set(this.#awaiting));
    const fail = 'Changed households that cannot be looked at again under the open shocks; the log names them';
    createGauge(metrics, 'fangpin_relooks_failing', fail, [], (gauge) => gauge.set(this.#relooks));
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.execute(), LOOK_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Counts anew; while the database is away the last figure stands. */
  execute(): Promise<number> {
    this.#looking = this.#looking.then(() => this.look()).catch(() => this.#stuck);
    return this.#looking;
  }

  private async look(): Promise<number> {
    const scope = cellScope('job:stuck-slices', this.env.cellRegion);
    const { stuck, lacking, unplanned, awaiting, relooks } = await this.database.transaction(scope, async (tx) => ({
      stuck: await countStuckSlices(tx, this.settings),
      lacking: await countAwaitingPolicy(tx),
      unplanned: (await countPlanFailures(tx)) + (await countAside(tx)),
      awaiting: await countAwaitingExposure(tx, this.fanOut.consumerGroup),
      relooks: await countFailingRelooks(tx),
    }));
    if (unplanned > this.#unplanned)
      this.log.error({ unplanned }, 'fan-outs cannot be planned; their ledger tells why');
    this.#unplanned = unplanned;
    this.#relooks = relooks;
    if (lacking > this.#lacking)
      this.log.warn({ lacking }, 'townships wait for a policy; the ledger of their shock tells what it lacks');
    this.#lacking = lacking;
    if (awaiting > this.#awaiting)
      this.log.warn({ awaiting }, 'fan-outs wait for the exposure to read on; their ledger tells how far it is');
    this.#awaiting = awaiting;
    if (stuck > this.#stuck) this.log.error({ stuck }, 'slices are stuck; the ledger of their shock tells why');
    this.#stuck = stuck;
    return stuck;
  }
}
