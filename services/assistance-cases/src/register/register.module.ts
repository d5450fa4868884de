import { Module } from '@nestjs/common';
import type { Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK } from '@fangpin/service-kit';
import { POLICY } from '../policy/policy.module.js';
import { DueDates } from '../triage/due-dates.js';
import { FollowRegister } from './follow-register.js';
import { HouseholdConsumer } from './household.consumer.js';

@Module({
  providers: [
    HouseholdConsumer,
    {
      provide: FollowRegister,
      inject: [POLICY, DueDates, Outbox, CLOCK],
      useFactory: (policy: PolicySet, dueDates: DueDates, outbox: Outbox, clock: Clock) =>
        new FollowRegister(policy, dueDates, outbox, clock),
    },
  ],
})
export class RegisterModule {}
