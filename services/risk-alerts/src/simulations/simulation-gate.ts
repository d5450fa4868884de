/** How many simulations run at once, how long each may, and that each stands aside for the live lane. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { cellScope, Database } from '@fangpin/persistence';
import { createCounter, METRICS, type Registry } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { CLAIMABLE } from '../fan-out/slices.js';
import { SIMULATION_SETTINGS, type SimulationSettings } from './settings.js';
import { SimulationTooLong, TooManySimulations } from './simulation.errors.js';

/** Looks so often whether live slices are done … */
const LOOK_MS = 100;
/** … and waits so long at most, for a slice may be stuck. */
const STAND_ASIDE_MS = 5_000;

@Injectable()
export class SimulationGate {
  #running = 0;
  readonly #stoodAside: ReturnType<typeof createCounter>;

  constructor(
    private readonly database: Database,
    @Inject(SIMULATION_SETTINGS) private readonly settings: SimulationSettings,
    @Inject(METRICS) metrics: Registry,
  ) {
    const help = 'How often a simulation or backtest has waited for slices of live shocks';
    this.#stoodAside = createCounter(metrics, 'fangpin_simulations_stood_aside_total', help);
  }

  /** Lets one in; refuses when as many run as may. The answer lets the next one in; calling it again does nothing. */
  enter(): () => void {
    if (this.#running >= this.settings.atOnce) throw new TooManySimulations(this.settings.atOnce);
    this.#running += 1;
    let inside = true;
    return () => {
      if (inside) this.#running -= 1;
      inside = false;
    };
  }

  /** Runs work inside the gate under a time limit. */
  async run<T>(caller: AbortSignal, seconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const leave = this.enter();
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new SimulationTooLong(seconds)), seconds * 1_000);
    const signal = AbortSignal.any([caller, limit.signal]);
    try {
      return await work(signal);
    } catch (error) {
      // A statement that the server ended, or a chunk that was not wanted any more: the reason tells more.
      signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  /** Waits while slices of live shocks are to be run, a little; then goes on. */
  async standAside(signal: AbortSignal): Promise<void> {
    const until = performance.now() + STAND_ASIDE_MS;
    let waits = false;
    while (performance.now() < until && (await liveWork(this.database))) {
      if (!waits) this.#stoodAside.inc();
      waits = true;
      await sleep(LOOK_MS, undefined, { signal });
    }
    signal.throwIfAborted();
  }

  /** For between the chunks of one shock: as {@link givingWay}, and counted. */
  givingWay(signal: AbortSignal): () => Promise<void> {
    return givingWay(this.database, signal, { ...SIMULATIONS, waits: () => this.#stoodAside.inc() });
  }
}

export interface GivingWay {
  /** Looks so often whether live slices have come. */
  readonly everyMs: number;
  /** Waits for them so long at most, in all. */
  readonly mostMs: number;
  /** Between two chunks; the next turn of the process when absent. */
  readonly rest?: () => Promise<unknown>;
  /** Told each time that it waits for them. */
  readonly waits?: () => void;
}

const SIMULATIONS: GivingWay = { everyMs: 250, mostMs: STAND_ASIDE_MS };

/**
 * Between chunks: other work of the process goes first, and so do live slices that have come since the work began. Throws where
 * it is to stop.
 */
export function givingWay(
  database: Database,
  signal: AbortSignal,
  { everyMs, mostMs, rest = nextTurn, waits }: GivingWay = SIMULATIONS,
): () => Promise<void> {
  let lookAt = performance.now() + everyMs;
  let left = mostMs;
  return async () => {
    signal.throwIfAborted();
    await rest();
    if (left <= 0 || performance.now() < lookAt) return;
    const began = performance.now();
    let told = false;
    while (performance.now() - began < left && (await liveWork(database))) {
      if (!told) waits?.();
      told = true;
      await sleep(LOOK_MS, undefined, { signal });
    }
    left -= performance.now() - began;
    lookAt = performance.now() + everyMs;
  };
}

/**
 * Whether slices of the live lane could be taken by an instance now, or are being run. One that failed and waits for its next try counts for
 * nothing, nor does a withdrawal before its turn has come.
 */
export function liveWork(database: Database): Promise<boolean> {
  return database.transaction(cellScope('job:stand-aside'), async (tx) => {
    const rows = await tx.query(
      `SELECT 1 FROM slices
       WHERE lane = 'live' AND (${CLAIMABLE} OR (state = 'claimed' AND lease_until > clock_timestamp())) LIMIT 1`,
    );
    return rows.length > 0;
  });
}
