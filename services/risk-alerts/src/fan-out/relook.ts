/**
 * Looks again at households that changed, or moved in, while a shock is open or behind the exposure: a slice of just those households
 * (architecture §4.9). Nothing is said of a household whose verdict stays the same. Of shocks that are over, alerts whose income was assumed
 * are judged again when it comes (judge-late-incomes.ts). Alerts of findings are looked at too (findings/look-at-standing.ts).
 */
import type { AlertLane } from '@fangpin/contracts';
import type { Clock } from '@fangpin/domain-kit';
import { cellScope, Database, type Scope, type Tx } from '@fangpin/persistence';
import { NoPolicy } from '@fangpin/policy';
import { CLOCK, ENV, epochOf, WRITER, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { liveExposure } from '../exposure/exposure-sets.js';
import { leftHouseholds } from '../exposure/left-households.js';
import { streamExposed } from '../exposure/exposure-stream.js';
import { productsAtRisk } from '../loss/loss-model.js';
import { LookAtStanding } from '../findings/look-at-standing.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { RAISED } from './alert-rows.js';
import { isHeldBack } from '../joint/held-back.js';
import { holdBack, letHouseholdsGo, type HeldBack } from '../joint/hold-back.js';
import { alertRevision, nextLook } from './alert-revision.js';
import { changeOf, withdrawal, type Change } from './changed-verdict.js';
import { isOpen } from './current-fan-out.js';
import type { FanOut } from './fan-out.js';
import { JudgeLateIncomes } from './judge-late-incomes.js';
import { lastAlerts, type LastAlert } from './last-alerts.js';
import { openFanOuts } from './open-fan-outs.js';
import { askForBatchAgain, endBatch, giveBatchBack, holdBatch, LookFailed, putOff, takeBatch } from './relook-queue.js';
import { StoreLooks } from './store-looks.js';
import { TownshipModels } from './township-models.js';
import { forgetWithheld, WithheldByTownship } from './withheld.js';

/** Households looked at in one transaction. */
export const RELOOK_BATCH = 500;

@Injectable()
export class Relook {
  constructor(
    private readonly database: Database,
    @Inject(WRITER) private readonly writer: Database,
    private readonly looks: StoreLooks,
    private readonly lateIncomes: JudgeLateIncomes,
    private readonly findings: LookAtStanding,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Looks at one batch of households under every open shock, at what awaited their income, and at their findings; answers how many households it has done with. A batch that is full is
   * part of a sweep: what changes by it is said on the bulk topic, so that no alert of a live shock waits behind it. So is one of fewer
   * after a failure, while others wait. A transaction for each shock: none waits for the looks under the others. Throws {@link LookFailed}.
   */
  async execute(most: number = RELOOK_BATCH): Promise<number> {
    const batch = await this.transaction((tx) => takeBatch(tx, most));
    if (batch === undefined) return 0;
    const { householdIds, othersWait } = batch;
    const lane = householdIds.length === most && (most >= RELOOK_BATCH || othersWait) ? 'bulk' : 'live';
    try {
      const { open, moves } = await this.transaction(openFanOuts);
      for (const fanOut of open)
        await this.transaction(async (tx) => {
          await holdBatch(tx, batch);
          if (await isOpen(tx, fanOut)) await this.lookIfJudged(tx, fanOut, householdIds, lane);
        });
      for (const origin of await this.lateIncomes.origins(this.scope(), householdIds))
        await this.transaction(async (tx) => {
          await holdBatch(tx, batch);
          await this.lateIncomes.execute(tx, origin, householdIds, lane);
        });
      await this.findings.householdsChanged(householdIds);
      await this.transaction((tx) => (moves ? askForBatchAgain(tx, batch) : endBatch(tx, batch)));
      return moves ? 0 : householdIds.length;
    } catch (error) {
      // Where this fails too, its time runs out.
      await this.transaction((tx) => giveBatchBack(tx, batch.batchNo)).catch(() => undefined);
      throw new LookFailed(householdIds, error);
    }
  }

  /** Puts off a household at which nobody can look. */
  putOff(householdId: number): Promise<void> {
    return this.transaction((tx) => putOff(tx, householdId));
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.writer.transaction(this.scope(), work);
  }

  private scope(): Scope {
    return cellScope('job:relook', this.env.cellRegion);
  }

  /** Under a policy version that cannot judge the shock, its slices are stuck and show it; the other shocks are looked at. */
  private async lookIfJudged(tx: Tx, fanOut: FanOut, ids: readonly number[], lane: AlertLane): Promise<void> {
    try {
      await this.look(tx, fanOut, ids, lane);
    } catch (error) {
      if (!(error instanceof NoPolicy)) throw error;
    }
  }

  private async look(tx: Tx, fanOut: FanOut, ids: readonly number[], lane: AlertLane): Promise<void> {
    const policy = await this.policies.get(fanOut.policyVersion);
    const models = new TownshipModels(fanOut, policy);
    const epoch = await epochOf(tx);
    const last = await lastAlerts(tx, fanOut.origin, ids);
    const withheld = new WithheldByTownship();
    const changes: Change[] = [];
    const heldBack: HeldBack[] = [];
    const alerted = new Set<number>();
    const seen = new Set<number>();
    const unjudged = new Set<number>();
    let left: ReadonlySet<number> = new Set();
    await this.database.transaction(tx.scope, async (reading) => {
      const products = productsAtRisk(fanOut.shock, policy);
      const tables = await liveExposure(reading, 'read');
      left = await leftHouseholds(reading, tables, [...last.keys()]);
      const touching = { shock: fanOut.shock, products };
      await streamExposed(reading, tables, touching, { householdIds: ids }, (household) => {
        const verdict = models.judge(household);
        // What stands of it stands: the slice of its township is stuck, and reads it when it is judged.
        if (verdict instanceof NoPolicy) return void unjudged.add(household.householdId);
        if (verdict === undefined) return;
        seen.add(household.householdId);
        const change = changeOf(fanOut, epoch, household, verdict, last.get(household.householdId));
        if (change !== undefined) changes.push(change);
        if (verdict.withheld !== undefined && !last.has(household.householdId))
          withheld.add(household, verdict.withheld);
        if (verdict.withheld === undefined) alerted.add(household.householdId);
        else if (isHeldBack(verdict.withheld)) {
          const revision = revisionHeldBack(fanOut, epoch, last.get(household.householdId));
          heldBack.push({ ...fanOut, revision, household, verdict });
        }
      });
    });
    // The danger was there, and is none of a household that has left: its alerts stand, and assistance-cases asks nobody to visit it
    // (docs/adr/0075).
    for (const [householdId, alert] of last)
      if (!seen.has(householdId) && !unjudged.has(householdId) && !left.has(householdId) && alert.state === RAISED)
        changes.push(withdrawal(fanOut, epoch, alert));
    await forgetWithheld(
      tx,
      fanOut.origin,
      ids.filter((id) => !unjudged.has(id)),
    );
    await withheld.merge(tx, fanOut);
    const counting = new Set([...unjudged, ...alerted, ...heldBack.map(({ household }) => household.householdId)]);
    await letHouseholdsGo(
      tx,
      fanOut.origin,
      ids.filter((id) => !counting.has(id)),
    );
    await holdBack(tx, heldBack, this.clock.now());
    if (changes.length > 0) await this.looks.execute(tx, { ...fanOut, lane }, policy, changes);
  }
}

/** That of the withdrawal where an alert stood; else a look again says nothing new. */
function revisionHeldBack({ shockRevision }: FanOut, epoch: number, last: LastAlert | undefined): number {
  if (last?.state === RAISED) return nextLook(shockRevision, epoch, last.revision);
  return Math.max(alertRevision(shockRevision, epoch), last?.revision ?? 0);
}
