/** Takes shocks in that were kept aside, once the policy version that they name is known. */
import { fromBinary } from '@bufbuild/protobuf';
import { ShockSchema } from '@fangpin/contracts';
import { cellScope, Database } from '@fangpin/persistence';
import { ENV, LOGGER, Rounds, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { shocksThatCanGoOn } from './shocks-aside.js';
import { TakeShock } from './take-shock.js';
import { Wakeups } from './wakeups.js';

const LOOK_MS = 1_000;

@Injectable()
export class AwaitPolicies implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;

  constructor(
    private readonly database: Database,
    private readonly takeShock: TakeShock,
    private readonly wakeups: Wakeups,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#rounds = new Rounds(
      LOOK_MS,
      () => this.execute(),
      (error) => log.warn({ err: error }, 'shocks kept aside could not be taken in; trying again'),
    );
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  /** Answers how many shocks went on. A transaction each: what another instance takes in meanwhile is known here, and left. */
  async execute(): Promise<number> {
    const scope = cellScope('job:await-policies', this.env.cellRegion);
    const shocks = await this.database.transaction(scope, shocksThatCanGoOn);
    let taken = 0;
    for (const { shockId, shock } of shocks)
      try {
        const revision = fromBinary(ShockSchema, shock);
        await this.database.transaction(scope, (tx) => this.takeShock.execute([revision], tx));
        this.wakeups.wake();
        taken += 1;
      } catch (error) {
        this.log.error({ err: error, shockId }, 'a shock kept aside could not be taken in; trying again');
      }
    return taken;
  }
}
