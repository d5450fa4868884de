/**
 * Says what has changed of households that have rested, and once a day what no change has asked for. Any number of instances may run it. Stands aside for
 * slices of the live lane.
 */
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { CLOCK, LOGGER, Rounds, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { liveWork } from '../simulations/simulation-gate.js';
import { LookAtStanding } from './look-at-standing.js';
import { FINDING_SETTINGS, type FindingSettings } from './settings.js';

@Injectable()
export class StandingWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** The day on which all were gone through. */
  #sweptOn: string | undefined;
  /** Where the day's round goes on. */
  #after: string | undefined;
  readonly #rounds: Rounds;

  constructor(
    private readonly database: Database,
    private readonly standing: LookAtStanding,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(FINDING_SETTINGS) { lookSeconds }: FindingSettings,
    @Inject(LOGGER) log: Logger,
  ) {
    this.#rounds = new Rounds(
      lookSeconds * 1_000,
      () => this.round(),
      (error) => log.warn({ err: error }, 'alerts of changed households could not be looked at; trying again'),
    );
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  /** Ends early where live work waits: the next round goes on. */
  async round(): Promise<void> {
    while ((await this.mayGoOn()) && (await this.standing.afterRest()));
    const today = shanghaiDay(this.clock.now());
    if (this.#sweptOn === today) return;
    while (await this.mayGoOn()) {
      this.#after = await this.standing.missed(this.#after);
      if (this.#after !== undefined) continue;
      this.#sweptOn = today;
      return;
    }
  }

  private async mayGoOn(): Promise<boolean> {
    return !this.#rounds.signal.aborted && !(await liveWork(this.database));
  }
}
