/** The job of shadow runs: judges the shocks that alerted nobody, notes the runs that are due, waits for the live lane, does one at a time. Idle where no shadow policy is set. */
import { cellScope, Database } from '@fangpin/persistence';
import { ENV, LOGGER, Rounds, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { liveWork } from '../simulations/simulation-gate.js';
import { JudgeShocks } from './judge-shocks.js';
import { RunShadow } from './run-shadow.js';
import { ShadowPolicy } from './shadow-policy.js';
import { noteDueRuns } from './shadow-run-store.js';

const LOOK_MS = 1_000;

@Injectable()
export class ShadowWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds(
    LOOK_MS,
    async () => {
      while (!this.#rounds.signal.aborted && (await this.next()));
    },
    (error) => {
      // A run that the end of the process cut off is taken up by the next instance.
      if (!this.#rounds.signal.aborted) this.log.warn({ err: error }, 'shadow round failed; trying again');
    },
  );

  constructor(
    private readonly database: Database,
    private readonly shadow: ShadowPolicy,
    private readonly runShadow: RunShadow,
    private readonly judgeShocks: JudgeShocks,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.shadow.policy !== undefined) this.#rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Some shocks, or one run; false where neither is due, or a live slice waits or runs: it goes first, however long that takes. */
  private async next(): Promise<boolean> {
    const { policy } = this.shadow;
    if (policy === undefined) return false;
    const scope = cellScope('job:shadow', this.env.cellRegion);
    await this.database.transaction(scope, (tx) => noteDueRuns(tx, policy.version));
    if (await liveWork(this.database)) return false;
    return (await this.judgeShocks.execute()) || (await this.runShadow.execute(this.#rounds.signal));
  }
}
