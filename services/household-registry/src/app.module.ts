import { Module, type DynamicModule } from '@nestjs/common';
import { ServiceKitModule } from '@fangpin/service-kit';
import { BulkModule } from './bulk/bulk.module.js';
import type { RegistryEnv } from './env.js';
import { HouseholdChangeEntity } from './households/entities/household-change.entity.js';
import { HouseholdMemberEntity } from './households/entities/household-member.entity.js';
import { HouseholdEntity } from './households/entities/household.entity.js';
import { LivelihoodEntity } from './households/entities/livelihood.entity.js';
import { HouseholdsModule } from './households/households.module.js';
import { ReconciliationModule } from './reconciliation/reconciliation.module.js';
import { RegionsModule } from './regions/regions.module.js';

const entities = [HouseholdEntity, HouseholdMemberEntity, LivelihoodEntity, HouseholdChangeEntity];

@Module({})
export class AppModule {
  static forRoot(env: RegistryEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceKitModule.forRoot({ service: 'household-registry', env, entities }),
        HouseholdsModule,
        RegionsModule,
        BulkModule,
        ReconciliationModule,
      ],
    };
  }
}
