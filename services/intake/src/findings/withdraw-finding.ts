import { Inject, Injectable } from '@nestjs/common';
import { FindingState, topics } from '@fangpin/contracts';
import { nextRevision, type Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { cellScope, Database } from '@fangpin/persistence';
import { CLOCK, ENV, epochOf, type Caller } from '@fangpin/service-kit';
import { OtherSender } from '../departments/department.errors.js';
import { Departments } from '../departments/departments.js';
import type { IntakeEnv } from '../env.js';
import { readReason } from '../http/read-reason.js';
import { keepEarlier } from './earlier-statements.js';
import { isMatched, type Finding } from './finding.js';
import { findingMessage } from './finding-event.js';
import { writeFindings } from './finding-rows.js';
import { holdFindings } from './hold-findings.js';
import { ReadFindings } from './read-one.js';

/** Takes one finding back, for good: a revision, said on the bus where a household had been found. */
@Injectable()
export class WithdrawFinding {
  constructor(
    private readonly database: Database,
    private readonly departments: Departments,
    private readonly findings: ReadFindings,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: IntakeEnv,
  ) {}

  /**
   * Refuses as {@link ReadFindings.one}, what an account of another area has sent (403), and a body without a reason (400). What
   * is withdrawn already stays as it is. Where the household has gone does not matter: who sent it takes it back.
   */
  async execute(department: string, findingId: string, body: unknown, caller: Caller): Promise<Finding> {
    this.departments.of(department, caller);
    const reason = readReason(body);
    const seen = await this.findings.one(department, findingId, caller);
    if (seen.area.lo !== caller.scope.lo || seen.area.hi !== caller.scope.hi) throw new OtherSender('finding');
    return this.database.transaction(cellScope('http:findings', this.env.cellRegion), async (tx) => {
      const { findings } = await holdFindings(tx, [seen.identity], []);
      const known = findings.get(seen.identity) ?? seen;
      if (known.state === FindingState.WITHDRAWN) return known;
      const at = this.clock.now();
      const withdrawn: Finding = {
        ...known,
        revision: nextRevision(await epochOf(tx), known.revision),
        state: FindingState.WITHDRAWN,
        withdrawnReason: reason,
        statedInBatch: undefined,
        takenBackAt: at,
        statedAt: at,
        statedBy: caller.subject,
        updatedAt: at,
      };
      await writeFindings(tx, [withdrawn]);
      await keepEarlier(tx, [{ findingId: withdrawn.findingId, earlier: 'nothing' }]);
      if (isMatched(withdrawn.match)) await this.outbox.add(tx, topics.finding, [findingMessage(withdrawn)]);
      return withdrawn;
    });
  }
}
