/**
 * Judges what applications have listed, a small set in a transaction, so that intake never waits long for their rows. Any process of
 * that policy version may do it; one that is killed leaves its set to the next. A shock whose judging fails is parked with its
 * error and tried again with back-off, while all others go on.
 */
import type { Clock } from '@fangpin/domain-kit';
import { isTransient } from '@fangpin/messaging';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import {
  CLOCK,
  createGauge,
  ENV,
  LOGGER,
  METRICS,
  Rounds,
  type Logger,
  type Registry,
  type VersionJobsEnv,
} from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ShockStore } from '../shocks/shock-store.js';
import type { ShockEntity } from '../shocks/shock.entity.js';
import {
  countParked,
  nextApplication,
  nextShocks,
  noteDone,
  noteJudged,
  noteLeft,
  park,
  type RunningApplication,
} from './application-shocks.js';
import { letLapse, sayThatItIsCarried } from './lapsed-applications.js';
import { concernOf } from './policy-application.js';
import { RejudgeShocks, type NotJudged, type Rejudged } from './rejudge-shocks.js';

const EVERY_MS = 1_000;
const AT_ONCE = 100;
/** So long a set holds its rows while it is judged; the rest of it is the next one. */
const SET_MS = 200;

/** A set could not be written: one of its shocks is to blame, and the others shall go on. */
class SetFailed extends Error {
  constructor(
    readonly application: RunningApplication,
    readonly shockIds: readonly string[],
    cause: unknown,
  ) {
    super('a set of a policy application could not be written', { cause });
  }
}

@Injectable()
export class CarryOutApplications implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #parked = 0;
  readonly #rounds = new Rounds(
    EVERY_MS,
    () => this.carryOn(),
    (error) => this.log.warn({ err: error }, 'a policy application could not go on; the next round tries again'),
  );

  constructor(
    private readonly database: Database,
    private readonly shocks: ShockStore,
    private readonly rejudge: RejudgeShocks,
    private readonly policy: PolicySet,
    @Inject(ENV) private readonly env: VersionJobsEnv,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    const help =
      'Shocks that a policy application could not judge and tries again; GET /v1/policy-applications/{id} names the error';
    createGauge(metrics, 'fangpin_policy_application_shocks_parked', help, [], (gauge) => gauge.set(this.#parked));
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Goes on until nothing can be done now. An application of another version waits for a process that has it, and lapses where none has. */
  async carryOn(): Promise<void> {
    const here = { version: this.policy.version, now: this.clock.now(), awayMinutes: this.env.policyAwayMinutes };
    const lapsed = await this.#in((tx) => letLapse(tx, here));
    if (lapsed.length > 0) this.log.warn({ lapsed }, 'policy applications have lapsed: no process has their version');
    while (!this.#rounds.signal.aborted)
      try {
        if (!(await this.#in((tx) => this.#next(tx)))) break;
      } catch (error) {
        if (!(error instanceof SetFailed)) throw error;
        for (const shockId of error.shockIds) await this.#alone(error.application, shockId);
      }
    this.#parked = await this.#in(countParked);
  }

  /** One set; false where nothing can be done, or other processes are at it. */
  async #next(tx: Tx): Promise<boolean> {
    await sayThatItIsCarried(tx, this.policy.version);
    const application = await nextApplication(tx, this.policy.version);
    if (application === undefined) return false;
    const shockIds = await nextShocks(tx, application.applicationId, AT_ONCE);
    if (shockIds.length === 0) {
      await noteDone(tx, application.applicationId, this.clock.now());
      return true;
    }
    try {
      await this.#judge(tx, application, shockIds);
    } catch (error) {
      if (isTransient(error)) throw error;
      throw new SetFailed(application, shockIds, error);
    }
    return true;
  }

  /** One shock of a set that failed, in a transaction of its own; it is parked where it is the one to blame. */
  async #alone(application: RunningApplication, shockId: string): Promise<void> {
    try {
      await this.#in((tx) => this.#judge(tx, application, [shockId]));
    } catch (error) {
      if (isTransient(error)) throw error;
      await this.#in((tx) => this.#park(tx, application, { shockId, error }));
    }
  }

  async #judge(tx: Tx, application: RunningApplication, shockIds: readonly string[]): Promise<void> {
    const { applicationId, region } = application;
    const at = this.clock.now();
    const open = (await this.shocks.findManyForUpdate(tx, shockIds)).filter((shock) => this.#isOlder(shock));
    const looked = await this.rejudge.judge(tx, open, at, SET_MS);
    const judged = looked.filter((one): one is Rejudged => !('error' in one));
    const concerned = judged.filter((one) => concernOf(one, region) === 'concerned');
    const written = await this.rejudge.write(tx, concerned, applicationId, at);
    const later = new Set(open.slice(looked.length).map(({ shockId }) => shockId));
    const failed = looked.filter((one): one is NotJudged => 'error' in one);
    const apart = new Set([...later, ...[...failed, ...concerned].map(({ shock }) => shock.shockId)]);
    await noteLeft(
      tx,
      applicationId,
      shockIds.filter((id) => !apart.has(id)),
    );
    await noteJudged(tx, applicationId, concerned, written);
    for (const { shock, error } of failed) await this.#park(tx, application, { shockId: shock.shockId, error });
    this.log.info({ applicationId, shocks: written.length, parked: failed.length }, 'shocks judged again');
  }

  async #park(
    tx: Tx,
    { applicationId }: RunningApplication,
    { shockId, error }: { readonly shockId: string; readonly error: unknown },
  ): Promise<void> {
    this.log.error({ err: error, applicationId, shockId }, 'a shock could not be judged again; it is parked');
    await park(tx, applicationId, shockId, error);
  }

  /** It may have been called off, merged or judged again since it was listed. */
  #isOlder({ state, mergedInto, policyVersion }: ShockEntity): boolean {
    return state !== 'cancelled' && mergedInto === null && policyVersion !== this.policy.version;
  }

  #in<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(cellScope('job:policy-applications'), work);
  }
}
