import { systemClock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { Database } from '@fangpin/persistence';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import type { Logger } from 'pino';
import { AccessAudit } from './access/access.audit.js';
import { AccessGuard } from './access/access.guard.js';
import { TokenVerifier } from './access/token-verifier.js';
import { createLogger } from './context/logger.js';
import { openDatabase } from './database.provider.js';
import { BuiltInProbes } from './health/built-in-probes.js';
import { HealthController } from './health/health.controller.js';
import { IdempotencyJanitor } from './idempotency/idempotency.janitor.js';
import type { KitOptions, ServiceOptions } from './kit-options.js';
import { messagingProviders } from './messaging/messaging.providers.js';
import { ServiceConsumers } from './messaging/service-consumers.js';
import { createRegistry } from './metrics/metrics.js';
import { OpenMetricsController, OperatorMetricsController } from './metrics/metrics.controller.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { createValidationPipe } from './problems/validation.js';
import { ServiceResources } from './service-resources.js';
import { BUS, CLOCK, ENV, KIT_OPTIONS, LOGGER, METRICS, WRITER } from './tokens.js';

/** What every process has the same way: sign-in, problems, validation, health, metrics, database, bus, consumers. Global. */
@Module({})
export class ServiceKitModule {
  static forRoot(options: KitOptions): DynamicModule {
    const database = options.database === false ? [] : databaseProviders(options);
    const bus = options.database === false || options.bus === false ? [] : messagingProviders;
    const shared: Provider[] = [
      { provide: KIT_OPTIONS, useValue: options },
      { provide: ENV, useValue: options.env },
      { provide: CLOCK, useValue: systemClock },
      { provide: LOGGER, useFactory: () => createLogger({ service: options.service, level: options.env.logLevel }) },
      { provide: METRICS, useFactory: () => createRegistry(options.service) },
      TokenVerifier,
    ];
    return {
      module: ServiceKitModule,
      global: true,
      imports: [DiscoveryModule, TerminusModule.forRoot({ logger: false })],
      controllers: [
        HealthController,
        options.openMetrics === false ? OperatorMetricsController : OpenMetricsController,
      ],
      providers: [
        ...shared,
        ...database,
        ...bus,
        BuiltInProbes,
        AccessAudit,
        ServiceResources,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useFactory: createValidationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [
        ENV,
        CLOCK,
        LOGGER,
        METRICS,
        TokenVerifier,
        ...(database.length === 0 ? [] : [Database]),
        ...(options.database !== false && options.env.writerDatabaseUrl !== undefined ? [WRITER] : []),
        ...(bus.length === 0 ? [] : [BUS, Outbox, ServiceConsumers]),
      ],
    };
  }
}

function databaseProviders({ service, env, entities = [] }: ServiceOptions): Provider[] {
  const open = (url: string, applicationName: string) => (log: Logger) =>
    openDatabase({ url, applicationName, entities }, log);
  return [
    { provide: Database, inject: [LOGGER], useFactory: open(env.databaseUrl, service) },
    ...(env.writerDatabaseUrl === undefined
      ? []
      : [{ provide: WRITER, inject: [LOGGER], useFactory: open(env.writerDatabaseUrl, `${service}-writer`) }]),
    IdempotencyJanitor,
  ];
}
