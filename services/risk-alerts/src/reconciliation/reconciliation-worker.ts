/** The loop behind the comparison: begins it when it is due, settles what has come back, and counts what is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cellScope, Database } from '@fangpin/persistence';
import { createGauge, ENV, LOGGER, METRICS, type BaseEnv, type Logger, type Registry } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from './settings.js';
import { SettleTallies } from './settle-tallies.js';
import { StartReconciliation } from './start-reconciliation.js';

@Injectable()
export class ReconciliationWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;
  #alarms = 0;

  constructor(
    private readonly database: Database,
    private readonly start: StartReconciliation,
    private readonly settle: SettleTallies,
    @Inject(RECONCILIATION_SETTINGS) private readonly settings: ReconciliationSettings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(METRICS) metrics: Registry,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    const help = 'Differences that the last comparison with assistance-cases could not mend';
    createGauge(metrics, 'fangpin_reconciliation_alarms', help, [], (gauge) => gauge.set(this.#alarms));
  }

  onApplicationBootstrap(): void {
    this.#loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  private async run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.start.executeWhenDue();
        while (!signal.aborted && (await this.settle.execute()));
        this.#alarms = await this.countAlarms();
      } catch (error) {
        this.log.warn({ err: error }, 'the comparison with assistance-cases could not go on; trying again');
      }
      await sleep(this.settings.lookSeconds * 1_000, undefined, { signal }).catch(() => undefined);
    }
  }

  private async countAlarms(): Promise<number> {
    const [row] = await this.database.transaction(cellScope('job:reconciliation', this.env.cellRegion), (tx) =>
      tx.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM reconciliation_findings
         WHERE state = 'alarm' AND reconciliation_no = (SELECT max(reconciliation_no) FROM reconciliations)`,
      ),
    );
    return row?.n ?? 0;
  }
}
