/**
 * Plans fan-outs whose pinned offsets the exposure has reached, or that have waited long enough for it: which of them, by whom and
 * in what order. What the plan of one is, plan-slices.ts tells.
 */
import type { AlertLane } from '@fangpin/contracts';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import type { Clock } from '@fangpin/domain-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';
import { findFanOuts, type FanOut } from './fan-out.js';
import { notePlanFailure, PLAN_IS_DUE } from './plan-failures.js';
import { FAN_OUT_SETTINGS, type FanOutSettings } from './settings.js';
import { planRaise, planWithdrawal } from './plan-slices.js';
import { CLAIMABLE } from './slices.js';
import { hasRead, hasWaitedEnough } from './unread-exposure.js';

const CAN_BE_PLANNED = `f.state = 'waiting' AND ${PLAN_IS_DUE}`;
// Whatever waits to be run goes first, of either lane: planning reads as much as a slice does. What has failed comes after what has
// not been tried: hundreds under one version that lacks a record would stand before all others again and again.
const NEXT_OF_BULK = `NOT EXISTS (SELECT FROM slices WHERE ${CLAIMABLE}) AND (f.origin, f.shock_revision) = (
  SELECT f.origin, f.shock_revision FROM fan_outs f WHERE f.lane = 'bulk' AND ${CAN_BE_PLANNED}
  ORDER BY f.plan_attempts > 0, f.received_at, f.origin LIMIT 1)`;

@Injectable()
export class PlanFanOuts {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(FAN_OUT_SETTINGS) private readonly settings: FanOutSettings,
  ) {}

  /**
   * Plans live fan-outs, all that can be planned, or the next one of the bulk lane where no slice waits: hundreds come at once
   * there, and each is run before the next is looked at. Answers how many were planned, how many could not be and are tried again
   * later, and how many of those looked at still wait.
   */
  async execute(
    lane: AlertLane,
  ): Promise<{ readonly planned: number; readonly failed: number; readonly waiting: number }> {
    const scope = cellScope('job:plan', this.env.cellRegion);
    const waiting = await this.database.transaction(scope, (tx) =>
      findFanOuts(tx, lane === 'live' ? `f.lane = 'live' AND ${CAN_BE_PLANNED}` : NEXT_OF_BULK),
    );
    let still = 0;
    let planned = 0;
    let failed = 0;
    for (const fanOut of waiting) {
      const behind = !(await hasRead(this.database, this.settings.consumerGroup, fanOut.pins));
      if (behind && !(await this.database.transaction(scope, (tx) => this.hasWaited(tx, fanOut)))) {
        still += 1;
        continue;
      }
      if (!(await this.database.transaction(scope, (tx) => beginPlanning(tx, fanOut)))) continue;
      try {
        const policy = await this.policies.get(fanOut.policyVersion);
        if (await this.database.transaction(scope, (tx) => this.plan(tx, fanOut, policy, behind))) planned += 1;
      } catch (error) {
        // One that cannot be planned must not hold up the others. Where the database is away, neither can this be kept.
        await this.database.transaction(scope, (tx) => notePlanFailure(tx, fanOut, error));
        failed += 1;
      }
    }
    return { planned, failed, waiting: still };
  }

  private hasWaited(tx: Tx, fanOut: FanOut): Promise<boolean> {
    return hasWaitedEnough(tx, fanOut, this.settings.awaitExposureSeconds);
  }

  /** False where another instance has it, or it is no longer wanted. */
  private async plan(tx: Tx, fanOut: FanOut, policy: PolicySet, behind: boolean): Promise<boolean> {
    // Another instance may plan the same one; a cancel may have come meanwhile.
    const [held] = await tx.query(
      `SELECT 1 FROM fan_outs WHERE origin = $1 AND shock_revision = $2 AND state = 'waiting' AND planning
       FOR UPDATE SKIP LOCKED`,
      [fanOut.origin, fanOut.shockRevision],
    );
    if (held === undefined) return false;
    const planning = { sliceHouseholds: this.settings.sliceHouseholds, clock: this.clock };
    if (fanOut.direction === 'withdraw') await planWithdrawal(tx, fanOut, planning);
    else await planRaise(tx, fanOut, policy, { ...planning, behind });
    return true;
  }
}

/**
 * Marks that its townships are counted from now on, in a transaction of its own: who changes later may be missing in them, and waits to
 * be looked at until it is planned (relook.ts). False where another instance has it.
 */
async function beginPlanning(tx: Tx, { origin, shockRevision }: FanOut): Promise<boolean> {
  const marked = await tx.execute(
    `UPDATE fan_outs SET planning = true WHERE (origin, shock_revision) = (
       SELECT origin, shock_revision FROM fan_outs
       WHERE origin = $1 AND shock_revision = $2 AND state = 'waiting' FOR UPDATE SKIP LOCKED)`,
    [origin, shockRevision],
  );
  return marked > 0;
}
