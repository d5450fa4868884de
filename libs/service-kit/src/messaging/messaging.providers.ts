import { createKafkaBus, Outbox, type Bus } from '@fangpin/messaging';
import { Database } from '@fangpin/persistence';
import type { Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import type { ServiceOptions } from '../kit-options.js';
import { BUS, KIT_OPTIONS, LOGGER } from '../tokens.js';
import { ServiceConsumers } from './service-consumers.js';
import { WatchBacklog } from './watch-backlog.js';

/** Bus, outbox and consumers of a service. */
export const messagingProviders: Provider[] = [
  {
    provide: BUS,
    inject: [KIT_OPTIONS, LOGGER],
    useFactory: ({ service, env }: ServiceOptions, log: Logger): Bus =>
      createKafkaBus({ brokers: env.kafkaBrokers, clientId: service, prefix: env.topicPrefix, log }),
  },
  {
    provide: Outbox,
    inject: [BUS, Database, LOGGER],
    useFactory: (bus: Bus, database: Database, log: Logger): Outbox => new Outbox(bus, database, { log }),
  },
  ServiceConsumers,
  WatchBacklog,
];
