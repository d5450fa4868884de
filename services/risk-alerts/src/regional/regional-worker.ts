/** The job that judges areas: counties that a settled fan-out has touched, all of them at the sweep, and then those above. */
import { cellScope, Database } from '@fangpin/persistence';
import { ENV, LOGGER, Rounds, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { givingWay } from '../simulations/simulation-gate.js';
import { sweepWhenDue } from './ask-for-looks.js';
import { AreaNotJudged, LookAtArea } from './look-at-area.js';
import { REGIONAL_SETTINGS, type RegionalSettings } from './settings.js';

/** Before each area live slices go first, in a round so long at most: one may be stuck. */
const STAND_ASIDE = { everyMs: 0, mostMs: 30_000 };

@Injectable()
export class RegionalWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;

  constructor(
    private readonly database: Database,
    private readonly lookAtArea: LookAtArea,
    @Inject(REGIONAL_SETTINGS) private readonly settings: RegionalSettings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#rounds = new Rounds(
      settings.lookSeconds * 1_000,
      () => this.round(),
      (error) => this.log.warn({ err: error }, 'early warnings could not be judged; trying again'),
    );
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.stop();
  }

  private async round(): Promise<void> {
    await this.sweep();
    const failed: number[] = [];
    const standAside = givingWay(this.database, this.#rounds.signal, STAND_ASIDE);
    while (!this.#rounds.signal.aborted) {
      await standAside();
      const started = performance.now();
      try {
        const area = await this.lookAtArea.execute(failed);
        if (area === undefined) return;
        this.log.info({ area, ms: Math.round(performance.now() - started) }, 'early warnings judged');
      } catch (error) {
        if (!(error instanceof AreaNotJudged)) throw error;
        // In the next round it is tried again; the areas behind it must not wait for that.
        this.log.error({ err: error.cause, area: error.area }, 'early warnings of an area could not be judged');
        failed.push(error.area);
      }
    }
  }

  private sweep(): Promise<boolean> {
    return this.database.transaction(cellScope('job:regional', this.env.cellRegion), (tx) =>
      sweepWhenDue(tx, this.settings.sweepMinutes, this.env.cellRegion),
    );
  }
}
