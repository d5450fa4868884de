/** The job behind the comparisons: begins them when they are due, settles what has come back, and counts what is left. */
import { cellScope, Database } from '@fangpin/persistence';
import {
  createGauge,
  ENV,
  LOGGER,
  METRICS,
  Rounds,
  type BaseEnv,
  type Logger,
  type Registry,
} from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { BeginReconciliation } from './begin-reconciliation.js';
import { ClearReconciliations } from './clear-reconciliations.js';
import { AskExposure } from './exposure/ask-exposure.js';
import { SettleExposure } from './exposure/settle-exposure.js';
import { CompareJudgements } from './judgements/compare-judgements.js';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from './settings.js';
import { SettleTallies } from './settle-tallies.js';
import { StartReconciliation } from './start-reconciliation.js';

@Injectable()
export class ReconciliationWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;
  #alarms = 0;

  constructor(
    private readonly database: Database,
    private readonly start: StartReconciliation,
    private readonly begin: BeginReconciliation,
    private readonly clear: ClearReconciliations,
    private readonly tallies: SettleTallies,
    private readonly asking: AskExposure,
    private readonly exposure: SettleExposure,
    private readonly judgements: CompareJudgements,
    @Inject(RECONCILIATION_SETTINGS) { lookSeconds }: ReconciliationSettings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(METRICS) metrics: Registry,
    @Inject(LOGGER) log: Logger,
  ) {
    const help =
      'Differences that the last comparison between the services could not mend, with those found by the one that runs';
    createGauge(metrics, 'fangpin_reconciliation_alarms', help, [], (gauge) => gauge.set(this.#alarms));
    this.#rounds = new Rounds(
      lookSeconds * 1_000,
      () => this.round(),
      (error) => log.warn({ err: error }, 'the comparison with the other services could not go on; trying again'),
    );
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.stop();
  }

  /**
   * Each step is a transaction that claims its rows: any number of instances share the work, and a killed one loses a step. What one
   * kind of step fails with does not keep the others from theirs.
   */
  private async round(): Promise<void> {
    const { signal } = this.#rounds;
    const steps: readonly (() => Promise<boolean>)[] = [
      async () => (await this.start.executeWhenDue()) !== undefined,
      () => this.begin.execute(),
      () => this.tallies.execute(),
      () => this.exposure.execute(),
      async () => (await this.asking.execute()) > 0,
      () => this.judgements.execute(signal),
      () => this.clear.execute(),
    ];
    const failures: unknown[] = [];
    for (const step of steps)
      try {
        while (!signal.aborted && (await step()));
      } catch (error) {
        failures.push(error);
      }
    this.#alarms = await this.closeAndCount();
    if (failures.length > 0 && !signal.aborted) throw failures[0];
  }

  /** Closes a comparison that has nothing open, and counts the alarms: of the last one that is closed, until the next is, and of the one that runs. */
  private closeAndCount(): Promise<number> {
    return this.database.transaction(cellScope('job:reconciliation', this.env.cellRegion), async (tx) => {
      await tx.execute(
        `UPDATE reconciliations r SET closed_at = clock_timestamp() WHERE closed_at IS NULL AND NOT begins
           AND NOT EXISTS (SELECT FROM reconciliation_tallies t
             WHERE t.reconciliation_no = r.reconciliation_no AND t.state IN ('asked', 'resting'))
           AND NOT EXISTS (SELECT FROM reconciliation_exposure e
             WHERE e.reconciliation_no = r.reconciliation_no AND e.state IN ('waiting', 'asked', 'resting'))
           AND NOT EXISTS (SELECT FROM reconciliation_judgements j
             WHERE j.reconciliation_no = r.reconciliation_no AND j.state IN ('waiting', 'resting'))`,
      );
      const [row] = await tx.query<{ n: number }>(
        `SELECT count(DISTINCT (subject, origin, duty_code, kind))::int AS n FROM reconciliation_findings
         WHERE state = 'alarm' AND reconciliation_no >= (
           SELECT coalesce(max(reconciliation_no), 0) FROM reconciliations WHERE closed_at IS NOT NULL)`,
      );
      return row?.n ?? 0;
    });
  }
}
