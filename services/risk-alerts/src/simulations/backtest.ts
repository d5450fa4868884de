/**
 * Changed values over the shocks of the last months: what each would have done to the households of today, under the policy that
 * it had and under the changed one, beside what was done. One shock at a time, so that memory does not grow with them.
 */
import { monthsAfter, shanghaiDay, toBeijingTime, type Clock, type RegionCode } from '@fangpin/domain-kit';
import { regionScope, type Scope } from '@fangpin/persistence';
import { changePolicy, differencesBetween, type PolicyChange } from '@fangpin/policy';
import { CLOCK, describeError, LOGGER, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';
import { BacktestShock, type Causes, type ShockLine } from './backtest-shock.js';
import { changesLanes, checkedChanges } from './checked-changes.js';
import { noDifference, sumOfDifferences, type Difference } from './difference.js';
import { noFigures, sumOfFigures, type Figures } from './figures.js';
import { byShock, recalledSince, shocksSince, type Done } from './known-shocks.js';
import { NotAlerted } from './not-alerted.js';
import { ReadingPool } from './reading-pool.js';
import { SimulationGate } from './simulation-gate.js';
import { SimulationTooLong } from './simulation.errors.js';
import type { BacktestRequest } from './backtest.request.js';
import { SIMULATION_SETTINGS, type SimulationSettings } from './settings.js';

type Counts = { readonly [name in Exclude<keyof Done, 'severities' | 'caseStates'>]: number };

interface Line {
  readonly type: 'backtest' | 'shock' | 'total' | 'error';
  readonly [member: string]: unknown;
}

interface Place {
  readonly caller: AbortSignal;
  readonly limit: AbortSignal;
  /** Either of the two. */
  readonly signal: AbortSignal;
  readonly leave: () => void;
}

interface Totals {
  shocks: number;
  had: Figures;
  changed: Figures;
  differs: Difference;
  done: Record<string, number>;
}

@Injectable()
export class Backtest {
  constructor(
    private readonly pool: ReadingPool,
    private readonly shock: BacktestShock,
    private readonly notAlerted: NotAlerted,
    private readonly gate: SimulationGate,
    private readonly policies: PolicyVersions,
    @Inject(SIMULATION_SETTINGS) private readonly settings: SimulationSettings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Refuses bad values before the first line. */
  async start(request: BacktestRequest, region: RegionCode, caller: AbortSignal): Promise<AsyncIterable<Line>> {
    const current = this.policies.current;
    const changes = checkedChanges(current, request.policy);
    const changed = differencesBetween(current, changePolicy(current, changes));
    const since = monthsAfter(shanghaiDay(this.clock.now()), -request.months);
    const scope = regionScope(region, 'http:backtest');
    // Of an answer that nobody begins to read, not even the end is reached.
    caller.throwIfAborted();
    const place = this.enter(caller);
    const { shocks, recalled } = await this.shocksSince(since, changes, scope, place.signal).catch((error: unknown) => {
      place.leave();
      // A statement that the server ended: the reason tells more.
      place.signal.throwIfAborted();
      throw error;
    });
    const head: Line = {
      type: 'backtest',
      region,
      months: request.months,
      since,
      shocks: shocks.length,
      recalled,
      limitSeconds: this.settings.backtestSeconds,
      policy: { base: current.version, changed },
      asOf: toBeijingTime(this.clock.now()),
      assumptions: [
        '按现有农户、收入和生计测算当时的冲击；实际办理情况是当时农户的',
        ...(recalled > 0 ? [`另有${recalled}次冲击预警后撤销，不在其中`] : []),
      ],
    };
    return this.lines(head, shocks, changes, region, place);
  }

  /** A place under the gate, and the time limit that begins with it. */
  private enter(caller: AbortSignal): Place {
    const leaveGate = this.gate.enter();
    const limit = new AbortController();
    const { backtestSeconds } = this.settings;
    const timer = setTimeout(() => limit.abort(new SimulationTooLong(backtestSeconds)), backtestSeconds * 1_000);
    const leave = (): void => {
      clearTimeout(timer);
      leaveGate();
    };
    caller.addEventListener('abort', leave, { once: true });
    // Nor is the end reached where the caller stays and reads no more.
    limit.signal.addEventListener('abort', leave, { once: true });
    return { caller, limit: limit.signal, signal: AbortSignal.any([caller, limit.signal]), leave };
  }

  private async shocksSince(
    since: string,
    changes: readonly PolicyChange[],
    scope: Scope,
    signal: AbortSignal,
  ): Promise<{ readonly shocks: Causes[]; readonly recalled: number }> {
    const { alerted, recalled } = await this.pool.read(scope, signal, async (tx) => ({
      alerted: await shocksSince(tx, since),
      recalled: await recalledSince(tx, since),
    }));
    // Which of the others would alert is a matter of their lane alone.
    const others = changesLanes(changes)
      ? await this.notAlerted.since(since, (had) => changePolicy(had, changes), { signal })
      : [];
    return { shocks: byShock([...alerted, ...others]), recalled };
  }

  private async *lines(
    head: Line,
    shocks: readonly Causes[],
    changes: readonly PolicyChange[],
    region: RegionCode,
    { caller, limit, signal, leave }: Place,
  ): AsyncGenerator<Line> {
    const { backtestSeconds } = this.settings;
    const totals: Totals = { shocks: 0, had: noFigures(), changed: noFigures(), differs: noDifference(), done: {} };
    try {
      yield head;
      for (const causes of shocks) {
        const line = await this.shock.execute(causes, changes, region, signal);
        addTo(totals, line);
        yield { type: 'shock', ...line };
      }
      yield totalOf(totals, shocks.length, null);
    } catch (error) {
      if (caller.aborted) return;
      // What was counted so far is worth something; how far it came is told.
      if (limit.aborted) return yield totalOf(totals, shocks.length, `time limit of ${backtestSeconds} s`);
      this.log.error({ err: error }, 'backtest failed');
      yield { type: 'error', code: 'SIMULATION.FAILED', detail: describeError(error)['kind'] ?? 'error' };
    } finally {
      leave();
    }
  }
}

function addTo(totals: Totals, line: ShockLine): void {
  totals.shocks += 1;
  totals.had = sumOfFigures([totals.had, line.had]);
  totals.changed = sumOfFigures([totals.changed, line.changed]);
  totals.differs = sumOfDifferences([totals.differs, line.differs]);
  const { severities, caseStates, ...counts } = line.done;
  for (const [name, n] of Object.entries(counts satisfies Counts)) totals.done[name] = (totals.done[name] ?? 0) + n;
}

function totalOf(totals: Totals, shocks: number, stoppedBy: string | null): Line {
  return { type: 'total', complete: stoppedBy === null, stoppedBy, shocksLeft: shocks - totals.shocks, ...totals };
}
