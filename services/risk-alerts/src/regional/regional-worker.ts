/** The loop that judges counties: those that a settled fan-out has touched, and all of them at the sweep. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cellScope, Database } from '@fangpin/persistence';
import { ENV, LOGGER, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { sweepWhenDue } from './ask-for-looks.js';
import { LookAtCounty } from './look-at-county.js';
import { REGIONAL_SETTINGS, type RegionalSettings } from './settings.js';

@Injectable()
export class RegionalWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly lookAtCounty: LookAtCounty,
    @Inject(REGIONAL_SETTINGS) private readonly settings: RegionalSettings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  private async run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.sweep();
        while (!signal.aborted) {
          const started = performance.now();
          const county = await this.lookAtCounty.execute();
          if (county === undefined) break;
          this.log.info({ county, ms: Math.round(performance.now() - started) }, 'early warnings judged');
        }
      } catch (error) {
        this.log.warn({ err: error }, 'early warnings could not be judged; trying again');
      }
      await sleep(this.settings.lookSeconds * 1_000, undefined, { signal }).catch(() => undefined);
    }
  }

  private sweep(): Promise<boolean> {
    return this.database.transaction(cellScope('job:regional', this.env.cellRegion), (tx) =>
      sweepWhenDue(tx, this.settings.sweepMinutes),
    );
  }
}
