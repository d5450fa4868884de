import { ServiceKitModule } from '@fangpin/service-kit';
import { Module, type DynamicModule } from '@nestjs/common';
import type { GatewayEnv } from './env.js';
import { ServicesProbe } from './health/services.probe.js';
import { Doorkeeper } from './limits/doorkeeper.js';
import { RateLimiter } from './limits/rate-limiter.js';
import { MergedDocument } from './openapi/merged-document.js';

@Module({})
export class AppModule {
  static with(env: GatewayEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [ServiceKitModule.forRoot({ service: 'gateway', env, database: false, bus: false, openMetrics: false })],
      providers: [RateLimiter, Doorkeeper, ServicesProbe, MergedDocument],
    };
  }
}
