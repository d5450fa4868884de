/** Kafka in: what departments found, taken in set by set in one transaction, from which alerts are published at once. */
import { topics, type Finding } from '@fangpin/contracts';
import type { Clock } from '@fangpin/domain-kit';
import type { ConsumedEvent, EventHandler } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { CLOCK, EventConsumer } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';
import { claimFindings } from './finding-rows.js';
import { JudgeFindings } from './judge-findings.js';
import { latestOfEach, notedFinding } from './noted-finding.js';

@EventConsumer()
@Injectable()
export class FindingConsumer implements EventHandler<Finding> {
  readonly topic = topics.finding;

  constructor(
    private readonly judge: JudgeFindings,
    private readonly policies: PolicyVersions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A revision that is not higher than the one heard changes nothing, however often and in whatever order they come. */
  async handle(events: readonly ConsumedEvent<Finding>[], tx: Tx): Promise<void> {
    const findings = latestOfEach(events.map(({ data }) => notedFinding(data)));
    const claimed = await claimFindings(tx, findings, this.policies.current.version, this.clock.now());
    await this.judge.execute(tx, claimed);
  }
}
