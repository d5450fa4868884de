/** Takes shocks in that were kept aside, once the policy version that they name is known. */
import { fromBinary } from '@bufbuild/protobuf';
import { ShockSchema } from '@fangpin/contracts';
import { cellScope, Database } from '@fangpin/persistence';
import { ENV, LOGGER, Rounds, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { shocksThatCanGoOn, type KeptShock } from './shocks-aside.js';
import { TakeShock } from './take-shock.js';
import { Wakeups } from './wakeups.js';

const LOOK_MS = 1_000;
/** Read at a time, and pinned together. */
const PAGE = 100;

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

  /**
   * Takes in all that can be. A transaction each: what another instance takes in meanwhile is known here, and left. One that cannot be taken
   * in holds up none but its shock's own later ones. Throws where Kafka cannot be asked how far the exposure has to be.
   */
  async execute(): Promise<void> {
    const scope = cellScope('job:await-policies', this.env.cellRegion);
    const failed: unknown[] = [];
    let last: KeptShock | undefined;
    for (;;) {
      const page = await this.database.transaction(scope, (tx) => shocksThatCanGoOn(tx, PAGE, last));
      last = page.at(-1);
      if (last === undefined) break;
      // All of these were accepted before; and no transaction waits for Kafka.
      const pins = await this.takeShock.pin();
      for (const { shock } of page)
        try {
          const revision = fromBinary(ShockSchema, shock);
          await this.database.transaction(scope, (tx) => this.takeShock.execute([revision], tx, pins));
        } catch (error) {
          failed.push(error);
        }
      this.wakeups.wake();
    }
    const [first] = failed;
    if (first !== undefined)
      this.log.error({ err: first, shocks: failed.length }, 'shocks kept aside could not be taken in; trying again');
  }
}
