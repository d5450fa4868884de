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
import { countFailingFindings, forgetJudged } from './failing-findings.js';
import {
  awaitingInVain,
  failedBefore,
  openFindingsOf,
  waitingInVain,
  withoutPolicy,
  type HeldRow,
  type OpenFinding,
} from './finding-rows.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { JudgeEach } from './judge-each.js';
import { JudgeFindings } from './judge-findings.js';
import { FINDING_SETTINGS, type FindingSettings } from './settings.js';

/** Findings judged again in one transaction. */
const AT_ONCE = 500;

@Injectable()
export class WaitingFindings implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #waiting = 0;
  #failing = 0;
  readonly #rounds: Rounds;

  constructor(
    private readonly database: Database,
    private readonly each: JudgeEach,
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
    const fail = 'Findings of departments that cannot be judged again and stand as they were; the log names them';
    createGauge(metrics, 'fangpin_findings_failing', fail, [], (gauge) => gauge.set(this.#failing));
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

  /** In the transaction that has just stored these households, or their incomes; which no finding of theirs can make fail. */
  async householdsChanged(tx: Tx, householdIds: readonly number[]): Promise<void> {
    if (householdIds.length === 0) return;
    await this.each.execute(tx, await openFindingsOf(tx, householdIds, this.clock.now()), this.isToBeJudged());
  }

  /** Judges all whose household, income or policy is known by now, and those that failed before; answers how many there were. */
  async execute(): Promise<number> {
    await this.transaction(forgetJudged);
    const judged =
      (await this.judgeAll((tx) => waitingInVain(tx, AT_ONCE))) +
      (await this.judgeAll((tx) => withoutPolicy(tx, AT_ONCE, this.policies.current.version), undefined, true)) +
      (await this.judgeAll((tx) => awaitingInVain(tx, AT_ONCE, this.clock.now()))) +
      (await this.judgeAll((tx) => failedBefore(tx, AT_ONCE, { lackedPolicy: true }), this.isToBeJudged(), true)) +
      (await this.judgeAll((tx) => failedBefore(tx, AT_ONCE, { lackedPolicy: false }), this.isToBeJudged()));
    [this.#waiting, this.#failing] = await this.transaction(async (tx) => [
      await countWaiting(tx),
      await countFailingFindings(tx),
    ]);
    return judged;
  }

  private isToBeJudged(): (finding: OpenFinding) => boolean {
    const today = shanghaiDay(this.clock.now());
    return (finding) => isLookedAtStill(finding, this.policies.current, today);
  }

  /** `backwards`: by a policy that came after them. It may bring half a year of findings at once, and none of them is a risk of today. */
  private async judgeAll(
    next: (tx: Tx) => Promise<HeldRow[]>,
    isToBe?: (finding: OpenFinding) => boolean,
    backwards = false,
  ): Promise<number> {
    let judged = 0;
    for (let batch = AT_ONCE; batch === AT_ONCE && !this.#rounds.signal.aborted; judged += batch)
      batch = await this.transaction(async (tx) => {
        const rows = await next(tx);
        await this.each.execute(tx, rows, isToBe, (part, findings) => this.judge.execute(part, findings, backwards));
        return rows.length;
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
