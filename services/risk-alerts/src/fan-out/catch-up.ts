/**
 * Ends the time in which a fan-out is behind: the exposure has read to the pins, and whoever was read late has been looked at like any
 * household that changes (relook.ts). Only then is known how many households there are, so what is asked of an officer beforehand is made
 * known now.
 */
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import type { ConfirmOver } from '@fangpin/policy';
import { ENV, LOGGER, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { liveExposure } from '../exposure/exposure-sets.js';
import { candidatesSql } from '../exposure/touched.js';
import { placeOf, productsAtRisk } from '../loss/loss-model.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import type { WhyAsked } from './confirmation.rule.js';
import { findFanOuts, type FanOut } from './fan-out.js';
import { officersWord } from './officers-word.js';
import { FAN_OUT_SETTINGS, type FanOutSettings } from './settings.js';
import { hasRead } from './unread-exposure.js';

/** A household at which nobody could look so often, in about a minute, is waited for no longer: it shows by itself (fangpin_relooks_failing). */
const LOOKS_WAITED_FOR = 5;

interface Counted {
  readonly candidates: number | null;
  /** Why an officer had been asked, or asked again, had so many been known. */
  readonly unasked: WhyAsked | null;
}

@Injectable()
export class CatchUp {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(FAN_OUT_SETTINGS) private readonly settings: FanOutSettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Answers how many have caught up; they may settle now. */
  async execute(): Promise<number> {
    const scope = cellScope('job:catch-up', this.env.cellRegion);
    const behind = await this.database.transaction(scope, (tx) => findFanOuts(tx, `f.behind AND f.state = 'running'`));
    let done = 0;
    for (const fanOut of behind)
      try {
        if (!(await hasRead(this.database, this.settings.consumerGroup, fanOut.pins))) continue;
        if (await this.database.transaction(scope, (tx) => everybodyIsLookedAt(tx, fanOut)))
          done += await this.database.transaction(scope, (tx) => this.catchUp(tx, fanOut));
      } catch (error) {
        const { origin, shockRevision } = fanOut;
        this.log.warn(
          { err: error, origin, shockRevision },
          'a fan-out that is behind does not catch up; trying again',
        );
      }
    return done;
  }

  private async catchUp(tx: Tx, fanOut: FanOut): Promise<number> {
    const { candidates, unasked } = await this.count(tx, fanOut);
    const caughtUp = await tx.execute(
      `UPDATE fan_outs SET behind = false, candidates = coalesce($3, candidates), asked_because = $4
       WHERE origin = $1 AND shock_revision = $2 AND behind`,
      [fanOut.origin, fanOut.shockRevision, candidates, unasked],
    );
    if (caughtUp > 0 && unasked !== null)
      this.log.error(
        { origin: fanOut.origin, shockId: fanOut.shockId, candidates },
        'a shock that an officer is to confirm went on without: not all of its households were known',
      );
    return caughtUp;
  }

  private async count(tx: Tx, fanOut: FanOut): Promise<Counted> {
    const policy = await this.policies.get(fanOut.policyVersion);
    const products = productsAtRisk(fanOut.shock, policy);
    const tables = await liveExposure(tx, 'read');
    const rule: ConfirmOver = policy.get('confirm-over', placeOf(fanOut.shock), fanOut.shock.judgedOn).value;
    const [row] = await tx.query<{ households: number }>(candidatesSql(tables, fanOut.shock, products));
    const candidates = row?.households ?? 0;
    if (candidates <= rule.households) return { candidates: null, unasked: null };
    const { asked, passed } = await officersWord(tx, { fanOut, tables, products }, candidates, rule);
    return { candidates, unasked: asked ?? passed ?? null };
  }
}

/**
 * Whether nobody waits to be looked at who had changed when the exposure was first seen to have read to the pins. What changes later is of
 * no concern: without this, one household after the other would keep it behind. Households that changed while a slice runs wait, too.
 */
async function everybodyIsLookedAt(tx: Tx, { origin, shockRevision }: FanOut): Promise<boolean> {
  const key = [origin, shockRevision];
  await tx.execute(
    `UPDATE fan_outs SET pins_read_at = clock_timestamp()
     WHERE origin = $1 AND shock_revision = $2 AND behind AND pins_read_at IS NULL`,
    key,
  );
  const waiting = await tx.query(
    `SELECT 1 FROM relooks r JOIN fan_outs f ON f.origin = $1 AND f.shock_revision = $2
     WHERE r.changed_at <= f.pins_read_at AND r.attempts < ${LOOKS_WAITED_FOR} LIMIT 1`,
    key,
  );
  return waiting.length === 0;
}
