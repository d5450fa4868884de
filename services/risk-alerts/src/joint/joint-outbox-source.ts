/** Slices of joint alerts in the outbox: read from the rows again when the process that stored them died before they were acknowledged. */
import { Outbox, type OutboxRef, type OutboxSource, type OutgoingMessage } from '@fangpin/messaging';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { markSlicesPublished } from '../fan-out/published-slices.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { jointMessages, storedJointAlerts } from './joint-messages.js';

export const JOINT_SOURCE = 'joint-alerts';

@Injectable()
export class JointOutboxSource implements OutboxSource, OnModuleInit {
  readonly name = JOINT_SOURCE;

  constructor(
    private readonly outbox: Outbox,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  onModuleInit(): void {
    this.outbox.registerSource(this);
  }

  async *render(raw: Record<string, unknown>, database: Database): AsyncIterable<OutgoingMessage> {
    const sliceNo = sliceNoOf(raw);
    const { alerts, storedAt } = await database.transaction(
      cellScope('job:outbox', this.env.cellRegion),
      async (tx) => {
        const [slice] = await tx.query<{ slice_no: number; stored_at: Date; origins: number[] }>(
          'SELECT slice_no, stored_at, origins FROM slices WHERE slice_no = $1',
          [sliceNo],
        );
        if (slice === undefined) throw new Error(`slice ${sliceNo} is gone`);
        return { storedAt: slice.stored_at, alerts: await storedJointAlerts(tx, slice) };
      },
    );
    yield* await jointMessages(alerts, this.policies, storedAt);
  }

  async published(refs: readonly OutboxRef[], tx: Tx): Promise<void> {
    await markSlicesPublished(
      tx,
      refs.map((ref) => sliceNoOf(ref)),
    );
  }
}

function sliceNoOf({ sliceNo }: Record<string, unknown>): number {
  if (!Number.isSafeInteger(sliceNo)) throw new Error('an outbox row names no slice of joint alerts');
  return sliceNo as number;
}
