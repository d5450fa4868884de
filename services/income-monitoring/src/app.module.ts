import { Module, type DynamicModule } from '@nestjs/common';
import type { Clock } from '@fangpin/domain-kit';
import { CLOCK, ServiceKitModule } from '@fangpin/service-kit';
import { AssessHouseholds } from './assessments/assess-households.js';
import { AssessmentEntity } from './assessments/assessment.entity.js';
import { IncomeAssessmentsController } from './assessments/income-assessments.controller.js';
import { MonthTurnJob } from './assessments/month-turn.job.js';
import { ReadAssessments } from './assessments/read-assessments.js';
import { RegisterAssessmentBatches } from './assessments/register-assessment-batches.js';
import type { IncomeEnv } from './env.js';
import { FollowHouseholds } from './households/follow-households.js';
import { HouseholdEntity } from './households/household.entity.js';
import { HouseholdProfileConsumer } from './households/household-profile.consumer.js';
import { CorrectEntry } from './ledger/correct-entry.js';
import { IncomeEntriesController } from './ledger/income-entries.controller.js';
import { IncomeEntryEntity } from './ledger/income-entry.entity.js';
import { RecordEntries } from './ledger/record-entries.js';
import { ExposureQuestionConsumer } from './reconciliation/exposure-question.consumer.js';

export const entities = [AssessmentEntity, HouseholdEntity, IncomeEntryEntity];

@Module({})
export class AppModule {
  /** With a clock of its own, for tests that let months pass. */
  static forRoot(env: IncomeEnv, clock?: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [ServiceKitModule.forRoot({ service: 'income-monitoring', env, entities })],
      controllers: [IncomeEntriesController, IncomeAssessmentsController],
      providers: [
        ...(clock === undefined ? [] : [{ provide: CLOCK, useValue: clock }]),
        AssessHouseholds,
        CorrectEntry,
        ExposureQuestionConsumer,
        FollowHouseholds,
        HouseholdProfileConsumer,
        MonthTurnJob,
        ReadAssessments,
        RecordEntries,
        RegisterAssessmentBatches,
      ],
    };
  }
}
