/**
 * Slices of findings in the outbox: published from memory, and read from the rows again when the process that stored them
 * died before they were acknowledged.
 */
import { alertTopicOf, type AlertLane } from '@fangpin/contracts';
import { Outbox, type OutboxRef, type OutboxSource, type OutgoingMessage } from '@fangpin/messaging';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { markSlicesPublished } from '../fan-out/published-slices.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { storedFindingAlerts } from './finding-alerts.js';
import { findingMessages } from './finding-messages.js';

export const FINDING_SOURCE = 'finding-alerts';

export interface FindingSliceRef {
  readonly sliceNo: number;
  readonly lane: AlertLane;
}

@Injectable()
export class FindingOutboxSource implements OutboxSource, OnModuleInit {
  readonly name = FINDING_SOURCE;

  constructor(
    private readonly outbox: Outbox,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  onModuleInit(): void {
    this.outbox.registerSource(this);
  }

  async *render(raw: Record<string, unknown>, database: Database): AsyncIterable<OutgoingMessage> {
    const { sliceNo, lane } = findingSliceRef(raw);
    const scope = cellScope('job:outbox', this.env.cellRegion);
    const { alerts, storedAt } = await database.transaction(scope, async (tx) => {
      const [slice] = await tx.query<{ stored_at: Date; origins: number[] }>(
        'SELECT stored_at, origins FROM slices WHERE slice_no = $1',
        [sliceNo],
      );
      if (slice === undefined) throw new Error(`slice ${sliceNo} is gone`);
      return { storedAt: slice.stored_at, alerts: await storedFindingAlerts(tx, sliceNo, slice.origins) };
    });
    yield* await findingMessages(alerts, alertTopicOf(lane), this.policies, storedAt);
  }

  async published(refs: readonly OutboxRef[], tx: Tx): Promise<void> {
    await markSlicesPublished(
      tx,
      refs.map((ref) => findingSliceRef(ref).sliceNo),
    );
  }
}

function findingSliceRef({ sliceNo, lane }: Record<string, unknown>): FindingSliceRef {
  if (!Number.isSafeInteger(sliceNo) || (lane !== 'live' && lane !== 'bulk'))
    throw new Error('an outbox row names no slice of findings');
  return { sliceNo: sliceNo as number, lane };
}
