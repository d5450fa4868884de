import { setTimeout as sleep } from 'node:timers/promises';
import { assertCatalogue, ConsumerRunner, type Bus, type ConsumerHealth, type EventHandler } from '@fangpin/messaging';
import { Database } from '@fangpin/persistence';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import type { Logger } from 'pino';
import { instancesWith } from '../discovery.js';
import type { ServiceOptions } from '../kit-options.js';
import { BUS, KIT_OPTIONS, LOGGER } from '../tokens.js';
import { EVENT_CONSUMER_METADATA } from './event-consumer.js';

const RESTART_MS = 3_000;

/** The service's one consumer runner, over every {@link EventConsumer} found; started after boot, stopped before HTTP is. */
@Injectable()
export class ServiceConsumers implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  #runner: ConsumerRunner | undefined;
  #starting: Promise<void> = Promise.resolve();
  #hasRun = false;
  readonly #stopping = new AbortController();

  constructor(
    @Inject(KIT_OPTIONS) private readonly options: ServiceOptions,
    @Inject(BUS) private readonly bus: Bus,
    private readonly database: Database,
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Whether the service hears any topic. */
  get any(): boolean {
    return this.#runner !== undefined;
  }

  /** The runner itself, for tests and tools that wait until it has caught up. */
  get runner(): ConsumerRunner | undefined {
    return this.#runner;
  }

  /** State of the runner, and whether it has ever run: until then the service is not ready. */
  health(): ConsumerHealth & { readonly hasRun: boolean } {
    const health: ConsumerHealth = this.#runner?.health() ?? { state: 'running' };
    this.#hasRun ||= health.state === 'running';
    return { ...health, hasRun: this.#hasRun };
  }

  onModuleInit(): void {
    const handlers = instancesWith<EventHandler>(this.discovery, this.reflector, EVENT_CONSUMER_METADATA);
    assertCatalogue(this.options.service, handlers);
    if (handlers.length === 0) return;
    this.#runner = new ConsumerRunner({
      bus: this.bus,
      database: this.database,
      service: this.options.service,
      handlers,
      cell: this.options.env.cellRegion,
      log: this.log,
    });
  }

  // Not awaited: with the brokers away a service still answers reads, and says in /health/ready that it waits.
  onApplicationBootstrap(): void {
    if (this.#runner !== undefined) this.#starting = this.#start(this.#runner);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#starting;
    await this.#runner?.stop();
  }

  async #start(runner: ConsumerRunner): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        return await runner.start();
      } catch (error) {
        this.log.error({ err: error }, 'the consumers could not be started; trying again');
        await sleep(RESTART_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
