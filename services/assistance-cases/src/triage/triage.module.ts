import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { POLICY } from '../policy/policy.module.js';
import { AlertBatchConsumer, BulkAlertBatchConsumer } from './alert-batch.consumer.js';
import { TriageAlerts } from './triage-alerts.js';
import { TriagePolicy } from './triage-policy.js';
import { TriageAnswerSource } from './triage-answer-source.js';

@Module({
  providers: [
    AlertBatchConsumer,
    BulkAlertBatchConsumer,
    {
      provide: TriageAlerts,
      inject: [POLICY, Outbox, CLOCK],
      useFactory: (policy: PolicySet, outbox: Outbox, clock: Clock) => new TriageAlerts(policy, outbox, clock),
    },
  ],
})
export class TriageModule implements OnModuleInit {
  constructor(
    private readonly outbox: Outbox,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(POLICY) private readonly policy: PolicySet,
  ) {}

  /** Before the outbox starts: it may find answers of a process that was killed. */
  onModuleInit(): void {
    this.outbox.registerSource(new TriageAnswerSource(this.env.cellRegion, new TriagePolicy(this.policy)));
  }
}
