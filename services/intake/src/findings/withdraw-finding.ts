import { Inject, Injectable } from '@nestjs/common';
import { FindingState, topics } from '@fangpin/contracts';
import { nextRevision, type Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { CLOCK, ENV, epochOf, type Caller } from '@fangpin/service-kit';
import { OtherSender } from '../departments/department.errors.js';
import { Departments } from '../departments/departments.js';
import type { IntakeEnv } from '../env.js';
import { readReason } from '../http/read-reason.js';
import { isMatched, type Finding } from './finding.js';
import { findingMessage } from './finding-event.js';
import { writeFindings } from './finding-rows.js';
import { holdFindings } from './hold-findings.js';
import { getFinding } from './read-one.js';

export interface Withdrawal {
  readonly reason: string;
  readonly by: string;
  /** Of a whole batch: only what that batch stated last. It is no word about the findings themselves, so one that has come after the batch still counts. */
  readonly batchId?: string;
}

/** Takes findings back: each is a revision, said on the bus where a household had been found. */
@Injectable()
export class WithdrawFinding {
  constructor(
    private readonly database: Database,
    private readonly departments: Departments,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: IntakeEnv,
  ) {}

  /**
   * Refuses as {@link ReadFindings.one}, what an account of another area has sent (403), and a body without a reason (400). What
   * is withdrawn already stays as it is.
   */
  async execute(department: string, findingId: string, body: unknown, caller: Caller): Promise<Finding> {
    this.departments.of(department, caller);
    const reason = readReason(body);
    // Under the caller's own scope: what it does not see it cannot withdraw.
    const seen = await this.database.transaction(caller.scope, (tx) => getFinding(tx, department, findingId));
    if (seen.area.lo !== caller.scope.lo || seen.area.hi !== caller.scope.hi) throw new OtherSender('finding');
    return this.database.transaction(cellScope('http:findings', this.env.cellRegion), async (tx) => {
      const [withdrawn] = await this.withdrawAll(tx, [seen.identity], { reason, by: caller.subject });
      return withdrawn ?? getFinding(tx, department, findingId);
    });
  }

  /** Withdraws those of the findings that stand, and are still the batch's, once they are locked; answers them. */
  async withdrawAll(tx: Tx, identities: readonly string[], { reason, by, batchId }: Withdrawal): Promise<Finding[]> {
    const { findings } = await holdFindings(tx, identities, []);
    const epoch = await epochOf(tx);
    const at = this.clock.now();
    const withdrawn = [...findings.values()]
      .filter(({ state }) => state === FindingState.RAISED)
      .filter(({ statedInBatch }) => batchId === undefined || statedInBatch === batchId)
      .map((finding): Finding => ({
        ...finding,
        revision: nextRevision(epoch, finding.revision),
        state: FindingState.WITHDRAWN,
        withdrawnReason: reason,
        statedAt: batchId === undefined ? at : finding.statedAt,
        statedBy: by,
        updatedAt: at,
      }));
    await writeFindings(tx, withdrawn);
    const said = withdrawn.filter(({ match }) => isMatched(match));
    await this.outbox.add(tx, topics.finding, said.map(findingMessage));
    return withdrawn;
  }
}
