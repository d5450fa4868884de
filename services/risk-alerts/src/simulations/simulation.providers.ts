/** What simulations, backtests and shadow runs are made of; named by the app module. */
import { Database } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { BacktestShock } from './backtest-shock.js';
import { Backtest } from './backtest.js';
import { NotAlerted } from './not-alerted.js';
import { ReadingPool } from './reading-pool.js';
import { SIMULATION_SETTINGS, type SimulationSettings } from './settings.js';
import { Simulate } from './simulate.js';
import { SimulationGate } from './simulation-gate.js';

/** Beside the time limit of the process, so that its own answer comes first. */
const GRACE_SECONDS = 5;

/** Leaves the pool when no request can use it any more. */
@Injectable()
class ReadingPoolEnd implements OnApplicationShutdown {
  constructor(@Inject(ReadingPool) private readonly pool: ReadingPool) {}

  onApplicationShutdown(): Promise<void> {
    return this.pool.close();
  }
}

export function simulationProviders(settings: SimulationSettings): Provider[] {
  return [
    { provide: SIMULATION_SETTINGS, useValue: settings },
    {
      provide: ReadingPool,
      // The service's own database is asked for first: it waits for a server that is still starting.
      inject: [ENV, Database],
      useFactory: (env: BaseEnv) =>
        ReadingPool.open({
          url: env.databaseUrl,
          name: 'risk-alerts-simulation',
          connections: settings.atOnce,
          statementSeconds: Math.max(settings.seconds, settings.backtestSeconds) + GRACE_SECONDS,
        }),
    },
    ReadingPoolEnd,
    SimulationGate,
    NotAlerted,
    Simulate,
    BacktestShock,
    Backtest,
  ];
}
