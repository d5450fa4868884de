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

interface StoredSlice {
  readonly stored_at: Date;
  readonly household_ids: readonly number[] | null;
  readonly household_after: number | null;
  readonly household_up_to: number | null;
  readonly [column: string]: unknown;
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
      const [slice] = await tx.query<StoredSlice>(
        'SELECT stored_at, household_ids, household_after, household_up_to FROM slices WHERE slice_no = $1',
        [ref.sliceNo],
      );
      if (fanOut === undefined || slice === undefined) throw new Error(`slice ${ref.sliceNo} is gone`);
      const batches = new AlertBatches(fanOut, await this.policies.get(fanOut.policyVersion), slice.stored_at);
      await copyOut(
        tx.client,
        `SELECT ${ALERT_READ_COLUMNS} FROM alerts WHERE origin = ${ref.origin} AND slice_no = ${ref.sliceNo} AND ${householdsOf(slice)}
         ORDER BY household_id`,
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

/** Condition on the household, by which the alerts of the slice are found along their key; of one that raises it tells nothing. */
function householdsOf({ household_ids, household_after, household_up_to }: StoredSlice): string {
  if (household_ids !== null) return `household_id = ANY('{${household_ids.map(Number).join()}}'::bigint[])`;
  return `household_id > ${household_after ?? 0} AND household_id <= ${household_up_to ?? Number.MAX_SAFE_INTEGER}`;
}

function sliceRef(raw: Record<string, unknown>): SliceRef {
  const { sliceNo, origin } = raw;
  if (!Number.isSafeInteger(sliceNo) || !Number.isSafeInteger(origin)) throw new Error('an outbox row names no slice');
  return { sliceNo: sliceNo as number, origin: origin as number };
}
