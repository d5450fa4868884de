/**
 * The rounds of episodes: what slices have stored, then what cases have ended and checks have found, what time has changed, what was held back.
 * Off the way of alerts: on connections of its own, on one instance at a time, and never while a shock is on its way.
 */
import { cellScope, type Tx } from '@fangpin/persistence';
import { LOGGER, Rounds, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { FollowHeldBack } from '../joint/follow-held-back.js';
import { LetJointTimePass } from '../joint/let-joint-time-pass.js';
import { TakeHeldBack } from '../joint/take-held-back.js';
import { EpisodePool } from './episode-pool.js';
import { FollowAlerts } from './follow-alerts.js';
import { FollowCases } from './follow-cases.js';
import { FollowChecks } from './follow-checks.js';
import { LetTimePass } from './let-time-pass.js';
import { EPISODE_SETTINGS, type EpisodeSettings } from './settings.js';
import { shockOnItsWay } from './stand-aside.js';

/** Key of the lock that one instance holds while it does its round. */
const LEAD_LOCK = 0x6571;

@Injectable()
export class EpisodeWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;

  constructor(
    private readonly pool: EpisodePool,
    private readonly followAlerts: FollowAlerts,
    private readonly followCases: FollowCases,
    private readonly followChecks: FollowChecks,
    private readonly letTimePass: LetTimePass,
    private readonly takeHeldBack: TakeHeldBack,
    private readonly followHeldBack: FollowHeldBack,
    private readonly letJointTimePass: LetJointTimePass,
    @Inject(EPISODE_SETTINGS) private readonly settings: EpisodeSettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#rounds = new Rounds(
      settings.lookSeconds * 1_000,
      () => this.round(),
      (error) => this.log.warn({ err: error }, 'episodes could not be followed; trying again'),
    );
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round; ends early where live work waits, and does nothing where another instance is at it. */
  async round(): Promise<void> {
    if (!(await this.mayGoOn())) return;
    await this.pool.database.transaction(cellScope('job:episodes-lead'), async (tx) => {
      if (await takesLead(tx)) await this.goThrough();
    });
  }

  private async goThrough(): Promise<void> {
    for (;;) {
      const started = performance.now();
      const followed = await this.followAlerts.execute(() => this.mayGoOn());
      if (followed === 'none') break;
      if (followed === 'cut-off') return;
      const { revisions, othersWait } = followed;
      this.log.info({ revisions, ms: Math.round(performance.now() - started) }, 'episodes follow alerts');
      if (!(await this.mayGoOn())) return;
      // What has come meanwhile gathers until the next round: single findings would each have one of their own.
      if (!othersWait) break;
    }
    while ((await this.mayGoOn()) && (await this.followCases.execute()));
    while ((await this.mayGoOn()) && (await this.followChecks.execute()));
    while ((await this.mayGoOn()) && (await this.letTimePass.execute()));
    while ((await this.mayGoOn()) && (await this.letJointTimePass.execute()));
    await this.goThroughHeldBack();
  }

  /** Last, so that a slice which cannot be taken up holds up nothing else; the slices of a wide shock for some seconds each round. */
  private async goThroughHeldBack(): Promise<void> {
    const until = performance.now() + this.settings.heldBackSeconds * 1_000;
    const mayTake = async (): Promise<boolean> => performance.now() < until && (await this.mayGoOn());
    while ((await mayTake()) && (await this.takeHeldBack.slice(mayTake)));
    while ((await this.mayGoOn()) && (await this.takeHeldBack.fanOut()));
    while ((await this.mayGoOn()) && (await this.followHeldBack.execute()));
  }

  private async mayGoOn(): Promise<boolean> {
    return !this.#rounds.signal.aborted && !(await shockOnItsWay(this.pool.database, this.settings.asideSeconds));
  }
}

/** Until the transaction ends. */
async function takesLead(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ leads: boolean }>('SELECT pg_try_advisory_xact_lock($1, 0) AS leads', [LEAD_LOCK]);
  return row?.leads === true;
}
