import { Module } from '@nestjs/common';
import type { Clock } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK } from '@fangpin/service-kit';
import { POLICY } from '../policy/policy.module.js';
import { RecordAnswer } from './record-answer.js';
import { RecordZeroReports } from './record-zero-reports.js';
import { ShockConsumer } from './shock.consumer.js';
import { TakeShocks } from './take-shocks.js';
import { VillageQuestionsController } from './village-questions.controller.js';

@Module({
  controllers: [VillageQuestionsController],
  providers: [
    ShockConsumer,
    RecordAnswer,
    RecordZeroReports,
    {
      provide: TakeShocks,
      inject: [POLICY, CLOCK],
      useFactory: (policy: PolicySet, clock: Clock) => new TakeShocks(policy, clock),
    },
  ],
})
export class VillageQuestionsModule {}
