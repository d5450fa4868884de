/**
 * Judges alerts again whose income was assumed and has come since, each once and under the revision, facts and policy that it was raised by:
 * said again as it is, or withdrawn where the household is well above the line. Nobody is alerted who was not. What a later revision has
 * said, or says meanwhile, has the last word, so no shock is held.
 */
import type { AlertLane } from '@fangpin/contracts';
import type { Clock } from '@fangpin/domain-kit';
import { Database, type Scope, type Tx } from '@fangpin/persistence';
import { NoPolicy } from '@fangpin/policy';
import { CLOCK, epochOf } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { isHeldBack } from '../joint/held-back.js';
import { holdBack, type HeldBack } from '../joint/hold-back.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { nextLook, shockRevisionOf } from './alert-revision.js';
import { changeOf, type Change } from './changed-verdict.js';
import { isCurrent } from './current-fan-out.js';
import { findFanOuts, type FanOut } from './fan-out.js';
import { lateIncomes, withIncome, type LateIncome } from './late-incomes.js';
import { StoreLooks } from './store-looks.js';
import { TownshipModels } from './township-models.js';

@Injectable()
export class JudgeLateIncomes {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
    private readonly looks: StoreLooks,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Origins under which some of these households were alerted without the income that is known by now. */
  async origins(scope: Scope, householdIds: readonly number[]): Promise<number[]> {
    const late = await this.database.transaction(scope, (tx) => lateIncomes(tx, householdIds));
    return [...new Set(late.map(({ origin }) => origin))];
  }

  /** In a transaction of the writer, which holds the households against other looks. */
  async execute(tx: Tx, origin: number, householdIds: readonly number[], lane: AlertLane): Promise<void> {
    const late = await this.database.transaction(tx.scope, (reading) => lateIncomes(reading, householdIds, origin));
    for (const [revision, alerts] of Map.groupBy(late, (alert) => shockRevisionOf(alert.revision))) {
      const [fanOut] = await findFanOuts(
        tx,
        `f.origin = $1 AND f.shock_revision = $2 AND f.direction = 'raise' AND f.planned_at IS NOT NULL`,
        [origin, revision],
      );
      if (fanOut !== undefined) await this.judge(tx, { ...fanOut, lane }, alerts);
    }
  }

  private async judge(tx: Tx, fanOut: FanOut, alerts: readonly LateIncome[]): Promise<void> {
    const policy = await this.policies.get(fanOut.policyVersion);
    const models = new TownshipModels(fanOut, policy);
    const epoch = await epochOf(tx);
    const changes: Change[] = [];
    const heldBack: HeldBack[] = [];
    for (const alert of alerts) {
      const household = withIncome(alert, fanOut.shock);
      const verdict = models.judge(household);
      // It lives by now where nothing was set to judge it by: what was said stands.
      if (verdict === undefined || verdict instanceof NoPolicy) continue;
      const change = changeOf(fanOut, epoch, household, verdict, alert);
      if (change !== undefined) changes.push(change);
      if (isHeldBack(verdict.withheld)) {
        const revision = nextLook(fanOut.shockRevision, epoch, alert.revision);
        heldBack.push({ ...fanOut, revision, household, verdict });
      }
    }
    // What a later revision has let go does not count again.
    if (heldBack.length > 0 && (await isCurrent(tx, fanOut))) await holdBack(tx, heldBack, this.clock.now());
    if (changes.length > 0) await this.looks.execute(tx, fanOut, policy, changes);
  }
}
