/** Limits of simulations: of the machine, not of the domain, so they are settings, not policy. */
export interface SimulationSettings {
  /** At once in one process; more are refused with 429. */
  readonly atOnce: number;
  /** The longest that one simulation may take. */
  readonly seconds: number;
  /** The longest that one backtest may take; it then says how far it came. */
  readonly backtestSeconds: number;
}

export const SIMULATION_SETTINGS = Symbol('SIMULATION_SETTINGS');
