/**
 * Findings whose household the exposure does not know yet, or whose income it did not know. They are judged in the transaction that
 * brings the household, or its income; a round now and then finds those for which it came between (another instance, a rebuilt exposure).
 */
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import type { Clock } from '@fangpin/domain-kit';
import {
  CLOCK,
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
import { awaitingIncome, awaitingInVain, waitingFor, waitingInVain, type HeldFinding } from './finding-rows.js';
import { JudgeFindings } from './judge-findings.js';
import { FINDING_SETTINGS, type FindingSettings } from './settings.js';

/** Findings judged again in one transaction. */
const AT_ONCE = 500;

@Injectable()
export class WaitingFindings implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #waiting = 0;
  readonly #rounds: Rounds;

  constructor(
    private readonly database: Database,
    private readonly judge: JudgeFindings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(FINDING_SETTINGS) { lookSeconds }: FindingSettings,
    @Inject(METRICS) metrics: Registry,
    @Inject(LOGGER) log: Logger,
  ) {
    const help = 'Findings of departments whose household the register has not told of, or which has left';
    createGauge(metrics, 'fangpin_findings_waiting', help, [], (gauge) => gauge.set(this.#waiting));
    this.#rounds = new Rounds(
      lookSeconds * 1_000,
      () => this.execute(),
      (error) => log.warn({ err: error }, 'waiting findings could not be looked at; trying again'),
    );
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  /** In the transaction that has just stored these households. */
  async householdsCame(tx: Tx, householdIds: readonly number[]): Promise<void> {
    if (householdIds.length > 0) await this.judge.execute(tx, await waitingFor(tx, householdIds));
  }

  /** In the transaction that has just stored incomes of these households. */
  async incomesCame(tx: Tx, householdIds: readonly number[]): Promise<void> {
    if (householdIds.length > 0) await this.judge.execute(tx, await awaitingIncome(tx, householdIds, this.clock.now()));
  }

  /** Judges all whose household, or its income, is known by now; answers how many there were. */
  async execute(): Promise<number> {
    const judged =
      (await this.judgeAll((tx) => waitingInVain(tx, AT_ONCE))) +
      (await this.judgeAll((tx) => awaitingInVain(tx, AT_ONCE, this.clock.now())));
    this.#waiting = await this.transaction((tx) => countWaiting(tx));
    return judged;
  }

  private async judgeAll(next: (tx: Tx) => Promise<HeldFinding[]>): Promise<number> {
    let judged = 0;
    for (let batch = AT_ONCE; batch === AT_ONCE && !this.#rounds.signal.aborted; judged += batch)
      batch = await this.transaction(async (tx) => {
        const findings = await next(tx);
        await this.judge.execute(tx, findings);
        return findings.length;
      });
    return judged;
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(cellScope('job:waiting-findings', this.env.cellRegion), work);
  }
}

async function countWaiting(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM findings WHERE outcome = 'waiting'`);
  return row?.n ?? 0;
}
