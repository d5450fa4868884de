import { Module, type DynamicModule } from '@nestjs/common';
import { ServiceKitModule, type BaseEnv, type ServiceOptions } from '@fangpin/service-kit';
import { CaseEntity } from './cases/case.entity.js';
import { CaseStepEntity } from './cases/case-step.entity.js';
import { CasesModule } from './cases/cases.module.js';
import { CheckItemEntity } from './check-items/check-item.entity.js';
import { CheckItemsModule } from './check-items/check-items.module.js';
import { consumeAsWriter } from './consume-as-writer.js';
import { PolicyModule } from './policy/policy.module.js';
import { ReconciliationModule } from './reconciliation/reconciliation.module.js';
import { RegisterModule } from './register/register.module.js';
import { TriageModule } from './triage/triage.module.js';
import { QuestionEntity } from './village-questions/question.entity.js';
import { VillageQuestionsModule } from './village-questions/village-questions.module.js';
import { WorklistModule } from './worklist/worklist.module.js';

export const description =
  'What alerts become: the villages’ check lists, the assistance cases and their life, with clocks, what villages are asked ' +
  'after a notice, and the worklist of who visits.';

const entities = [CaseEntity, CaseStepEntity, CheckItemEntity, QuestionEntity];

@Module({})
export class AppModule {
  static forRoot(env: BaseEnv): DynamicModule {
    const options: ServiceOptions = { service: 'assistance-cases', env, entities };
    return {
      module: AppModule,
      imports: [
        consumeAsWriter(ServiceKitModule.forRoot(options), options),
        PolicyModule,
        TriageModule,
        RegisterModule,
        ReconciliationModule,
        CasesModule,
        CheckItemsModule,
        VillageQuestionsModule,
        WorklistModule,
      ],
    };
  }
}
