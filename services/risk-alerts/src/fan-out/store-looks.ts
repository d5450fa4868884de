/** Stores what looks at single households have to say: a slice of just these, with its outbox row, in the transaction that has looked. */
import { alertTopicOf } from '@fangpin/contracts';
import type { Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { copyInto, type Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AlertBatches } from './alert-batches.js';
import { ALERT_COPY_TARGET, alertRowOf, writeAlertRow } from './alert-rows.js';
import type { Change } from './changed-verdict.js';
import type { FanOut } from './fan-out.js';
import { SLICE_SOURCE } from './slice-outbox-source.js';
import { insertStoredRelook } from './slices.js';
import { townshipOf } from './township.js';

@Injectable()
export class StoreLooks {
  constructor(
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** In a transaction of the writer; said on the topic of the fan-out's lane. The fan-out settles once more. */
  async execute(tx: Tx, fanOut: FanOut, policy: PolicySet, changes: readonly Change[]): Promise<void> {
    const townships = [...new Set(changes.map((change) => townshipOf(change.household.dutyCode)))];
    const told = changes.map(({ household }) => household.householdId);
    const sliceNo = await insertStoredRelook(tx, fanOut, townships, told);
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
