/**
 * Findings that may come out otherwise later: those whose household the exposure does not know yet, or whose income it did not know, and
 * those that raised nothing. They are judged again in the transaction that stores the household or its income. A round now and then
 * finds those for which that came between (another instance, a rebuilt exposure), and those that an earlier policy had no values for.
 */
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
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
import { isLookedAtStill } from './held-back.rule.js';
import { awaitingInVain, openFindingsOf, waitingInVain, withoutPolicy, type HeldFinding } from './finding-rows.js';
import { PolicyVersions } from '../policy/policy-versions.js';
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
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(FINDING_SETTINGS) { lookSeconds }: FindingSettings,
    @Inject(METRICS) metrics: Registry,
    @Inject(LOGGER) log: Logger,
  ) {
    const help = 'Findings of departments that wait for their household, or for a policy of its place';
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

  /** In the transaction that has just stored these households, or their incomes. */
  async householdsChanged(tx: Tx, householdIds: readonly number[]): Promise<void> {
    if (householdIds.length === 0) return;
    const now = this.clock.now();
    const findings = await openFindingsOf(tx, householdIds, now);
    await this.judge.execute(
      tx,
      findings.filter((finding) => isLookedAtStill(finding, this.policies.current, shanghaiDay(now))),
    );
  }

  /** Judges all whose household, income or policy is known by now; answers how many there were. */
  async execute(): Promise<number> {
    const judged =
      (await this.judgeAll((tx) => waitingInVain(tx, AT_ONCE))) +
      (await this.judgeAll((tx) => withoutPolicy(tx, AT_ONCE, this.policies.current.version))) +
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
