/**
 * The slice as the unit of the outbox: one outbox row names it, and its messages are rendered from its alert rows again
 * when the process that stored them died before they were acknowledged.
 */
import type { OutboxRef, OutboxSource, OutgoingMessage } from '@fangpin/messaging';
import { cellScope, copyOut, Database, type Tx } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';
import { AlertBatches } from './alert-batches.js';
import { ALERT_READ_COLUMNS, readAlertRow } from './alert-rows.js';
import { findFanOuts } from './fan-out.js';
import { markSlicesPublished } from './published-slices.js';
import { Wakeups } from './wakeups.js';

export const SLICE_SOURCE = 'alert-slice';

export interface SliceRef {
  readonly sliceNo: number;
  readonly origin: number;
}

@Injectable()
export class SliceOutboxSource implements OutboxSource {
  readonly name = SLICE_SOURCE;
  /** A fan-out settles once all its slices are published. */
  readonly awaited = true;

  constructor(
    private readonly policies: PolicyVersions,
    private readonly wakeups: Wakeups,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  async *render(raw: Record<string, unknown>, database: Database): AsyncIterable<OutgoingMessage> {
    const ref = sliceRef(raw);
    const scope = cellScope('job:outbox', this.env.cellRegion);
    const messages = await database.transaction(scope, async (tx) => {
      const [fanOut] = await findFanOuts(
        tx,
        `f.origin = $1 AND f.shock_revision = (SELECT shock_revision FROM slices WHERE slice_no = $2)`,
        [ref.origin, ref.sliceNo],
      );
      const [slice] = await tx.query<{ stored_at: Date }>('SELECT stored_at FROM slices WHERE slice_no = $1', [
        ref.sliceNo,
      ]);
      if (fanOut === undefined || slice === undefined) throw new Error(`slice ${ref.sliceNo} is gone`);
      const batches = new AlertBatches(fanOut, await this.policies.get(fanOut.policyVersion), slice.stored_at);
      await copyOut(
        tx.client,
        `SELECT ${ALERT_READ_COLUMNS} FROM alerts WHERE origin = ${ref.origin} AND slice_no = ${ref.sliceNo} ORDER BY household_id`,
        (row) => {
          const alert = readAlertRow(row);
          batches.add(alert, alert.revision, alert.state);
        },
      );
      return batches.finish();
    });
    yield* messages;
  }

  async published(refs: readonly OutboxRef[], tx: Tx): Promise<void> {
    await markSlicesPublished(
      tx,
      refs.map((ref) => sliceRef(ref).sliceNo),
    );
    tx.afterCommit(() => this.wakeups.wake());
  }
}

function sliceRef(raw: Record<string, unknown>): SliceRef {
  const { sliceNo, origin } = raw;
  if (!Number.isSafeInteger(sliceNo) || !Number.isSafeInteger(origin)) throw new Error('an outbox row names no slice');
  return { sliceNo: sliceNo as number, origin: origin as number };
}
