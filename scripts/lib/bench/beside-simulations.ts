/** Clients that ask what if, of the whole area, as fast as the service lets them: made-up hail and, in turn, the shocks of a year. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpClient } from '../client/http-client.ts';
import { Failure } from '../failure.ts';
import type { Stack } from '../stack/index.ts';
import type { Beside, BesideCounts } from './beside.ts';
import { waitFor } from './wait.ts';

/** One more than may run at once in a process, so that there is always one to be let in. */
const ASKERS_PER_INSTANCE = 3;
/** A refused client is told to wait for seconds; these do not. */
const AGAIN_MS = 100;
const WARM = { everyMs: 100, timeoutMs: 120_000 };
const COUNTER = /^fangpin_simulations_stood_aside_total\{[^}]*\} (\d+)$/m;

export interface SimulationsParts {
  readonly client: HttpClient;
  readonly stack: Stack;
  readonly region: string;
  readonly instances: number;
  /** Day of the made-up hail. */
  readonly onset: string;
}

export function simulationsBeside(parts: SimulationsParts): Beside {
  let asking: Asking | undefined;
  return {
    async start() {
      asking = new Asking(parts);
      await asking.start();
    },
    async stop() {
      if (asking === undefined) throw new Failure('nobody asks');
      return asking.stop();
    },
  };
}

class Asking {
  readonly #stopping = new AbortController();
  readonly #parts: SimulationsParts;
  readonly #counts = { simulations: 0, backtests: 0, refused: 0 };
  #askers: Promise<void>[] = [];
  #before = 0;

  constructor(parts: SimulationsParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const count = ASKERS_PER_INSTANCE * this.#parts.instances;
    this.#askers = Array.from({ length: count }, (_, i) => this.#ask(i));
    const failed = Promise.all(this.#askers).then(() => undefined);
    const warm = waitFor({ what: 'simulations are answered', ...WARM }, async () =>
      this.#counts.simulations > 0 && this.#counts.backtests > 0 ? true : undefined,
    );
    await Promise.race([failed, warm]);
    Object.assign(this.#counts, { simulations: 0, backtests: 0, refused: 0 });
    this.#before = await this.#stoodAside();
  }

  async stop(): Promise<BesideCounts> {
    const counts = { ...this.#counts, stoodAside: (await this.#stoodAside()) - this.#before };
    this.#stopping.abort();
    await Promise.all(this.#askers);
    return counts;
  }

  async #ask(number: number): Promise<void> {
    const { client, region, onset } = this.#parts;
    const { signal } = this.#stopping;
    const shock = { kind: 'hail', level: 'red', observed: true, regions: [region], onset };
    for (let turn = number; !signal.aborted; turn += 1) {
      const isBacktest = turn % 2 === 0;
      const [path, body] = isBacktest
        ? ['/v1/simulations/backtests', { months: 12, region }]
        : ['/v1/simulations', { region, shock }];
      const answer = await client.request('POST', path as string, body, { signal }).catch((error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      });
      if (answer === undefined) return;
      if (answer.status === 429) {
        this.#counts.refused += 1;
        // Turns go on by answers, not by refusals.
        turn -= 1;
        await sleep(AGAIN_MS);
      } else if (answer.status !== 200)
        throw new Failure(
          `POST ${path} was answered by ${answer.status}: ${JSON.stringify(answer.body).slice(0, 500)}`,
        );
      else this.#counts[isBacktest ? 'backtests' : 'simulations'] += 1;
    }
  }

  /** How often the service has let one wait, all processes together. */
  async #stoodAside(): Promise<number> {
    let sum = 0;
    for (let instance = 1; instance <= this.#parts.instances; instance += 1) {
      const answer = await fetch(`${this.#parts.stack.url('risk-alerts', instance)}/metrics`);
      const value = COUNTER.exec(await answer.text())?.[1];
      if (value === undefined) throw new Failure('risk-alerts does not count simulations that stand aside');
      sum += Number(value);
    }
    return sum;
  }
}
