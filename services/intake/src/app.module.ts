import { Module, type DynamicModule } from '@nestjs/common';
import type { Clock } from '@fangpin/domain-kit';
import { CLOCK, ServiceKitModule } from '@fangpin/service-kit';
import type { IntakeEnv } from './env.js';
import { FollowIdentities } from './people/follow-identities.js';
import { IdentitiesConsumer } from './people/identities.consumer.js';

@Module({})
export class AppModule {
  /** With a clock of its own, for tests that let days pass. */
  static forRoot(env: IntakeEnv, clock?: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [ServiceKitModule.forRoot({ service: 'intake', env })],
      providers: [
        ...(clock === undefined ? [] : [{ provide: CLOCK, useValue: clock }]),
        FollowIdentities,
        IdentitiesConsumer,
      ],
    };
  }
}
