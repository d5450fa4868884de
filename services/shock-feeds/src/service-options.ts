import type { ServiceAppOptions } from '@fangpin/service-kit';
import { AppModule } from './app.module.js';
import type { ShockFeedsEnv } from './env.js';

/** A national snapshot of all warnings in force fits (surface.md). */
const BODY_LIMIT_BYTES = 16 * 1_048_576;

/** The one way this service is put together, for its process and for its tests. */
export function serviceOptions(env: ShockFeedsEnv): ServiceAppOptions {
  return {
    service: 'shock-feeds',
    title: '灾害与市场冲击 Shock feeds',
    description: 'Shocks of nature and of market: intake, repair, quarantine, area, their life.',
    module: AppModule.forRoot(env),
    env,
    rawBodies: ['application/cap+xml', 'application/xml', 'text/xml', 'text/csv', 'application/geo+json'],
    bodyLimitBytes: BODY_LIMIT_BYTES,
  };
}
