import { ServiceKitModule } from '@fangpin/service-kit';
import { Module, type DynamicModule } from '@nestjs/common';
import { BoundaryIntakeModule } from './boundaries/boundary-intake.module.js';
import { CapModule } from './cap/cap.module.js';
import { EarthquakesModule } from './earthquakes/earthquakes.module.js';
import type { ShockFeedsEnv } from './env.js';
import { MarketPricesModule } from './market-prices/market-prices.module.js';
import { PolicyApplicationsModule } from './policy-applications/policy-applications.module.js';
import { PolicyModule } from './policy.module.js';
import { QuarantineModule } from './quarantine/quarantine.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { ShockEntity } from './shocks/shock.entity.js';
import { ShockMessageEntity } from './shocks/shock-message.entity.js';
import { ShockReadsModule } from './shocks/shock-reads.module.js';
import { noSources } from './sources/source-settings.js';
import { SourcesModule } from './sources/sources.module.js';
import { VillageAnswersModule } from './village-answers/village-answers.module.js';
import { WarningListsModule } from './warning-lists/warning-lists.module.js';
import { WarningSnapshotsModule } from './warning-snapshots/warning-snapshots.module.js';
import { TimelineModule } from './timeline/timeline.module.js';

const entities = [ShockEntity, ShockMessageEntity];

@Module({})
export class AppModule {
  static forRoot(env: ShockFeedsEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceKitModule.forRoot({ service: 'shock-feeds', env, entities }),
        PolicyModule.forRoot(env.policyOverlay),
        BoundaryIntakeModule,
        CapModule,
        EarthquakesModule,
        MarketPricesModule,
        QuarantineModule,
        ReportsModule,
        VillageAnswersModule,
        WarningListsModule,
        WarningSnapshotsModule,
        SourcesModule.forRoot(env.sources ?? noSources),
        TimelineModule,
        PolicyApplicationsModule,
        ShockReadsModule,
      ],
    };
  }
}
