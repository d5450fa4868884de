import { describe, expect, it } from '@jest/globals';
import type { RegionCode } from '@fangpin/domain-kit';
import type { Database } from '@fangpin/persistence';
import { loadPolicy } from '@fangpin/policy';
import type { Logger, Registry } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import type { PolicyVersions } from '../policy/policy-versions.js';
import type { BacktestShock } from './backtest-shock.js';
import { Backtest } from './backtest.js';
import type { NotAlerted } from './not-alerted.js';
import type { ReadingPool } from './reading-pool.js';
import { SimulationGate } from './simulation-gate.js';
import { SimulationTooLong } from './simulation.errors.js';

const YONGREN = '532327' as RegionCode;

const NO_SHOCKS = { alerted: [], recalled: 0 };

/** Over no shocks, one at a time. */
function backtests(backtestSeconds: number, read: ReadingPool['read'] = async () => NO_SHOCKS as never) {
  const settings = { atOnce: 1, seconds: 1, backtestSeconds };
  const database = { transaction: async () => [] } as unknown as Database;
  const gate = new SimulationGate(database, settings, { registerMetric: () => undefined } as unknown as Registry);
  const policies = { current: loadPolicy() } as unknown as PolicyVersions;
  const clock = { now: () => new Date('2026-07-18T08:00:00Z') };
  const backtest = new Backtest(
    { read } as ReadingPool,
    {} as BacktestShock,
    {} as NotAlerted,
    gate,
    policies,
    settings,
    clock,
    {} as Logger,
  );
  return { gate, start: (caller: AbortSignal) => backtest.start({ months: 1 }, YONGREN, caller) };
}

describe('the place of a backtest', () => {
  it('is not taken for a caller who has gone before the first line', async () => {
    const { gate, start } = backtests(60);
    await start(AbortSignal.abort()).catch(() => undefined);
    gate.enter()();
  });

  it('is free when the caller goes, before or behind the first line', async () => {
    const { gate, start } = backtests(60);
    const gone = new AbortController();
    await start(gone.signal);
    expect(() => gate.enter()).toThrow('simulations are running');
    gone.abort();
    gate.enter()();
  });

  it('is free after the time limit, though the caller reads no more', async () => {
    const { gate, start } = backtests(0.001);
    const lines = await start(new AbortController().signal);
    await lines[Symbol.asyncIterator]().next();
    await eventually(async () => gate.enter()());
  });

  it('is free after the time limit, though its shocks are not read by then', async () => {
    const ended = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('canceling statement')), { once: true });
      });
    const { gate, start } = backtests(0.001, (_, signal) => ended(signal));
    await expect(start(new AbortController().signal)).rejects.toThrow(SimulationTooLong);
    gate.enter()();
  });

  it('is free when all is told', async () => {
    const { gate, start } = backtests(60);
    const told: unknown[] = [];
    for await (const line of await start(new AbortController().signal)) told.push(line);
    expect(told).toMatchObject([{ type: 'backtest' }, { type: 'total', complete: true }]);
    gate.enter()();
  });
});
