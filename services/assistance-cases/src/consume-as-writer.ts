/**
 * Triage stores by COPY, which is refused where row-level security applies, and must commit with its progress row. So this
 * service's consumers run on the writer's database; everything that answers a person stays on the service's role
 * (architecture §6).
 */
import { DiscoveryService, Reflector } from '@nestjs/core';
import type { DynamicModule } from '@nestjs/common';
import type { Bus } from '@fangpin/messaging';
import type { Database } from '@fangpin/persistence';
import { BUS, LOGGER, ServiceConsumers, WRITER, type Logger, type ServiceOptions } from '@fangpin/service-kit';

/** The service kit's module with its consumer runner moved to the writer's database. */
export function consumeAsWriter(kit: DynamicModule, options: ServiceOptions): DynamicModule {
  return {
    ...kit,
    providers: (kit.providers ?? []).map((provider) =>
      provider !== ServiceConsumers
        ? provider
        : {
            provide: ServiceConsumers,
            inject: [BUS, WRITER, DiscoveryService, Reflector, LOGGER],
            useFactory: (
              bus: Bus,
              writer: Database,
              discovery: DiscoveryService,
              reflector: Reflector,
              log: Logger,
            ): ServiceConsumers => new ServiceConsumers(options, bus, writer, discovery, reflector, log),
          },
    ),
  };
}
