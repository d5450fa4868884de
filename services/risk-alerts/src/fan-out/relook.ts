/**
 * Looks again at households that changed, or moved in, while a shock is open or behind the exposure: a slice of just those households
 * (architecture §4.9). Nothing is said of a household whose verdict stays the same.
 */
import { alertTopicOf, type AlertLane } from '@fangpin/contracts';
import type { Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { cellScope, copyInto, Database, type Tx } from '@fangpin/persistence';
import { NoPolicy, type PolicySet } from '@fangpin/policy';
import { CLOCK, ENV, epochOf, WRITER, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { liveExposure } from '../exposure/exposure-sets.js';
import type { ExposedHousehold } from '../exposure/exposure-row.js';
import { streamExposed } from '../exposure/exposure-stream.js';
import type { Verdict } from '../loss/household.js';
import { productsAtRisk } from '../loss/loss-model.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { AlertBatches } from './alert-batches.js';
import { lowestRevision, nextLook } from './alert-revision.js';
import { ALERT_COPY_TARGET, alertRowOf, RAISED, WITHDRAWN, writeAlertRow } from './alert-rows.js';
import { IS_OPEN, isOpen } from './current-fan-out.js';
import { findFanOuts, type FanOut } from './fan-out.js';
import { lastAlerts, type LastAlert } from './last-alerts.js';
import { askForBatchAgain, endBatch, giveBatchBack, holdBatch, LookFailed, putOff, takeBatch } from './relook-queue.js';
import { SLICE_SOURCE } from './slice-outbox-source.js';
import { insertStoredRelook } from './slices.js';
import { townshipOf } from './township.js';
import { TownshipModels } from './township-models.js';
import { forgetWithheld, WithheldByTownship } from './withheld.js';

/** Households looked at in one transaction. */
export const RELOOK_BATCH = 500;
const NO_LOSS: Verdict = { loss: { low: 0, middle: 0, high: 0 }, projectedFen: null, severity: 0, reasons: 0 };

interface Change {
  readonly household: ExposedHousehold;
  readonly verdict: Verdict;
  readonly revision: number;
  readonly state: number;
}

@Injectable()
export class Relook {
  constructor(
    private readonly database: Database,
    @Inject(WRITER) private readonly writer: Database,
    private readonly outbox: Outbox,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Looks at one batch of households under every open shock; answers how many households it has done with. A batch that is full is
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
    return this.writer.transaction(cellScope('job:relook', this.env.cellRegion), work);
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
    const seen = new Set<number>();
    const unjudged = new Set<number>();
    await this.database.transaction(tx.scope, async (reading) => {
      const products = productsAtRisk(fanOut.shock, policy);
      const tables = await liveExposure(reading, 'read');
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
      });
    });
    for (const [householdId, alert] of last)
      if (!seen.has(householdId) && !unjudged.has(householdId) && alert.state === RAISED)
        changes.push(withdrawal(fanOut, epoch, alert));
    await forgetWithheld(
      tx,
      fanOut.origin,
      ids.filter((id) => !unjudged.has(id)),
    );
    await withheld.merge(tx, fanOut);
    if (changes.length > 0) await this.store(tx, { ...fanOut, lane }, policy, changes);
  }

  private async store(tx: Tx, fanOut: FanOut, policy: PolicySet, changes: readonly Change[]): Promise<void> {
    const townships = [...new Set(changes.map((change) => townshipOf(change.household.dutyCode)))];
    const sliceNo = await insertStoredRelook(tx, fanOut, townships, changes.length);
    const batches = new AlertBatches(fanOut, policy, this.clock.now());
    await copyInto(tx.client, ALERT_COPY_TARGET, async (rows, flush) => {
      for (const { household, verdict, revision, state } of changes) {
        writeAlertRow(rows, { origin: fanOut.origin, revision, sliceNo }, household, verdict, state);
        batches.add(alertRowOf(household, verdict), revision, state);
        await flush();
      }
    });
    // One that runs is locked too: it may be settled at this moment, without these alerts.
    await tx.execute(
      `UPDATE fan_outs SET state = 'running' WHERE origin = $1 AND shock_revision = $2 AND state IN ('running', 'done')`,
      [fanOut.origin, fanOut.shockRevision],
    );
    await this.outbox.addReference(tx, {
      source: SLICE_SOURCE,
      ref: { sliceNo, origin: fanOut.origin },
      topic: alertTopicOf(fanOut.lane),
      messages: batches.finish(),
    });
  }
}

function changeOf(
  fanOut: FanOut,
  epoch: number,
  household: ExposedHousehold,
  verdict: Verdict,
  last: LastAlert | undefined,
): Change | undefined {
  const raised = last?.state === RAISED;
  const revision = nextLook(fanOut.shockRevision, epoch, last?.revision);
  if (verdict.withheld !== undefined) return raised ? { household, verdict, revision, state: WITHDRAWN } : undefined;
  // An alert that stands from a revision before, because the slice of this one was lost, is said anew: it goes by this one's policy and facts.
  const same =
    raised &&
    last.revision >= lowestRevision(fanOut.shockRevision) &&
    last.severity === verdict.severity &&
    last.lossFen === verdict.loss.middle &&
    last.reasons === verdict.reasons &&
    last.dutyCode === household.dutyCode &&
    last.persons === household.persons &&
    last.perCapitaFen === household.perCapitaFen;
  return same ? undefined : { household, verdict, revision, state: RAISED };
}

/** A household that the shock no longer touches (it sold its pigs, it moved out). */
function withdrawal(fanOut: FanOut, epoch: number, last: LastAlert): Change {
  const household: ExposedHousehold = {
    householdId: last.householdId,
    dutyCode: last.dutyCode,
    persons: last.persons,
    perCapitaFen: last.perCapitaFen,
    facts: 0,
    livelihoods: [],
  };
  return {
    household,
    verdict: NO_LOSS,
    revision: nextLook(fanOut.shockRevision, epoch, last.revision),
    state: WITHDRAWN,
  };
}

/**
 * The fan-outs under which changed households are looked at; and whether any of them moves, or one may join them: then the households
 * are looked at once more, when the slices that run now are stored, and the townships that are being counted are planned.
 */
async function openFanOuts(tx: Tx): Promise<{ readonly open: readonly FanOut[]; readonly moves: boolean }> {
  // Asked before who is open: what is planned between the two is open then.
  const planning = await tx.query(`SELECT 1 FROM fan_outs WHERE planning AND direction = 'raise' LIMIT 1`);
  const open = await findFanOuts(
    tx,
    `f.direction = 'raise' AND f.planned_at IS NOT NULL AND f.state IN ('running', 'done')
     AND EXISTS (SELECT FROM shocks s WHERE s.shock_id = o.shock_id AND ${IS_OPEN})`,
  );
  const underWay = await fanOutsUnderWay(tx);
  return { open, moves: planning.length > 0 || open.some(({ origin }) => underWay.has(origin)) };
}

/**
 * Origins of which a slice runs at this moment. It may have read a household before that changed, and store an alert which is
 * not to be seen here yet.
 */
async function fanOutsUnderWay(tx: Tx): Promise<ReadonlySet<number>> {
  const rows = await tx.query<{ origin: number }>(`SELECT DISTINCT origin FROM slices WHERE state = 'claimed'`);
  return new Set(rows.map(({ origin }) => origin));
}
