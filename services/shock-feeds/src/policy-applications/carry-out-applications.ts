/**
 * Judges what applications have listed, some hundred shocks in a transaction, so that intake never waits long for their rows. Any
 * process of that policy version may do it; one that is killed leaves its set to the next.
 */
import type { Clock } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { CLOCK, LOGGER, Rounds, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ShockStore } from '../shocks/shock-store.js';
import type { ShockEntity } from '../shocks/shock.entity.js';
import { isConcerned } from './find-concerned.js';
import { RejudgeShocks } from './rejudge-shocks.js';

const EVERY_MS = 1_000;
const AT_ONCE = 100;

@Injectable()
export class CarryOutApplications implements OnApplicationBootstrap, BeforeApplicationShutdown {
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
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Goes on until nothing waits. An application of another version waits for a process that has it. */
  async carryOn(): Promise<void> {
    while (!this.#rounds.signal.aborted)
      if (!(await this.database.transaction(cellScope('job:policy-applications'), (tx) => this.#some(tx)))) return;
  }

  /** One set; false where nothing is left, or another process is at it. */
  async #some(tx: Tx): Promise<boolean> {
    const [application] = await tx.query<{ application_id: string }>(
      `SELECT application_id FROM policy_applications WHERE state = 'running' AND to_version = $1
       ORDER BY requested_at, application_id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [this.policy.version],
    );
    if (application === undefined) return false;
    const { application_id: id } = application;
    const waiting = await tx.query<{ shock_id: string }>(
      `SELECT shock_id FROM policy_application_shocks WHERE application_id = $1 AND state = 'waiting'
       ORDER BY shock_no LIMIT ${AT_ONCE}`,
      [id],
    );
    const at = this.clock.now();
    if (waiting.length === 0) {
      await tx.execute(`UPDATE policy_applications SET state = 'done', ended_at = $2 WHERE application_id = $1`, [
        id,
        at,
      ]);
      return true;
    }
    const ids = waiting.map(({ shock_id }) => shock_id);
    const open = (await this.shocks.findManyForUpdate(tx, ids)).filter((shock) => this.#isOlder(shock));
    const judged = (await this.rejudge.judge(tx, open, at)).filter(isConcerned);
    const written = await this.rejudge.write(tx, judged, id, at);
    await tx.execute(
      `UPDATE policy_application_shocks SET state = 'left' WHERE application_id = $1 AND shock_id = ANY($2::uuid[])`,
      [id, ids],
    );
    await tx.execute(
      `UPDATE policy_application_shocks s SET state = 'judged', revision = v.revision, from_version = v."fromVersion",
         from_lane = v."fromLane", to_lane = v."toLane"
       FROM jsonb_to_recordset($2::jsonb)
         AS v ("shockId" uuid, revision bigint, "fromVersion" text, "fromLane" text, "toLane" text)
       WHERE s.application_id = $1 AND s.shock_id = v."shockId"`,
      [
        id,
        JSON.stringify(
          written.map(({ shockId, revision, lane }, i) => ({
            shockId,
            revision,
            fromVersion: judged[i]?.shock.policyVersion,
            fromLane: judged[i]?.shock.lane,
            toLane: lane,
          })),
        ),
      ],
    );
    this.log.info({ applicationId: id, shocks: written.length }, 'shocks judged again');
    return true;
  }

  /** It may have been called off, merged or judged again since it was listed. */
  #isOlder({ state, mergedInto, policyVersion }: ShockEntity): boolean {
    return state !== 'cancelled' && mergedInto === null && policyVersion !== this.policy.version;
  }
}
