/** The loop of shadow runs: notes what is due, waits for the live lane, does one at a time. Idle where no shadow policy is set. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cellScope, Database } from '@fangpin/persistence';
import { ENV, LOGGER, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { liveWork } from '../simulations/simulation-gate.js';
import { RunShadow } from './run-shadow.js';
import { ShadowPolicy } from './shadow-policy.js';
import { noteDueRuns } from './shadow-run-store.js';

const LOOK_MS = 1_000;

@Injectable()
export class ShadowWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly shadow: ShadowPolicy,
    private readonly runShadow: RunShadow,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { policy } = this.shadow;
    if (policy !== undefined) this.#loop = this.run(policy.version);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  private async run(version: string): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      let more = false;
      try {
        const scope = cellScope('job:shadow', this.env.cellRegion);
        await this.database.transaction(scope, (tx) => noteDueRuns(tx, version));
        // A live slice that waits, or runs, goes first, however long that takes.
        if (!(await liveWork(this.database))) more = await this.runShadow.execute(signal);
      } catch (error) {
        if (!signal.aborted) this.log.warn({ err: error }, 'shadow round failed; trying again');
      }
      if (!more) await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
