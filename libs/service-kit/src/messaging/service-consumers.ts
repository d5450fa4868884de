import { setTimeout as sleep } from 'node:timers/promises';
import { consumerGroupOf } from '@fangpin/contracts';
import {
  assertCatalogue,
  ConsumerRunner,
  givingWay,
  type Bus,
  type ConsumerHealth,
  type ConsumerRunnerSettings,
  type EventHandler,
} from '@fangpin/messaging';
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
const WORST_FIRST = ['halted', 'paused', 'running'] as const satisfies readonly ConsumerHealth['state'][];

/**
 * The service's consumer runners over every {@link EventConsumer} found: one for all live topics and, where there are any, one
 * with a group of its own for those of the bulk lane (`<service>.bulk`), and for each topic that is taken in apart. Started after boot, stopped before HTTP is.
 */
@Injectable()
export class ServiceConsumers implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  #runner: ConsumerRunner | undefined;
  /** What may wait for the live one. */
  #aside: readonly ConsumerRunner[] = [];
  #starting: Promise<unknown> = Promise.resolve();
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
    return this.runners.length > 0;
  }

  /** The runner of live topics itself, for tests and tools that wait until it has caught up. */
  get runner(): ConsumerRunner | undefined {
    return this.#runner;
  }

  /** Live and what may wait, whichever there are. */
  get runners(): readonly ConsumerRunner[] {
    return this.#runner === undefined ? this.#aside : [this.#runner, ...this.#aside];
  }

  /** State of the worst runner, and whether all have ever run: until then the service is not ready. */
  health(): ConsumerHealth & { readonly hasRun: boolean } {
    const all = [this.#runner?.health(), ...this.#aside.map((runner) => asideOf(runner.health()))];
    const worst = WORST_FIRST.flatMap((state) => all.filter((health) => health?.state === state))[0];
    const health: ConsumerHealth = worst ?? { state: 'running' };
    this.#hasRun ||= this.runners.every((runner) => runner.health().state !== 'paused') && health.state !== 'halted';
    return { ...health, hasRun: this.#hasRun };
  }

  onModuleInit(): void {
    const handlers = instancesWith<EventHandler>(this.discovery, this.reflector, EVENT_CONSUMER_METADATA);
    assertCatalogue(this.options.service, handlers);
    const { service } = this.options;
    const byGroup = Map.groupBy(handlers, ({ topic }) => consumerGroupOf(topic, service));
    const live = byGroup.get(service);
    this.#runner = live && this.#runnerOf(service, live);
    const more = this.#runner && { giveWay: givingWay(this.#runner) };
    byGroup.delete(service);
    this.#aside = [...byGroup].map(([group, ofGroup]) => this.#runnerOf(group, ofGroup, more));
  }

  #runnerOf(
    group: string,
    handlers: readonly EventHandler[],
    more: Pick<ConsumerRunnerSettings, 'giveWay'> = {},
  ): ConsumerRunner {
    const { service, env } = this.options;
    const { bus, database, log } = this;
    return new ConsumerRunner({ bus, database, service, group, handlers, cell: env.cellRegion, log, ...more });
  }

  // Not awaited: with the brokers away a service still answers reads, and says in /health/ready that it waits.
  onApplicationBootstrap(): void {
    this.#starting = Promise.all(this.runners.map((runner) => this.#start(runner)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#starting;
    await Promise.all(this.runners.map((runner) => runner.stop()));
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

/** What may wait does not take the service from those who cannot: halted in bulk shows as paused, with the reason. */
function asideOf(health: ConsumerHealth): ConsumerHealth {
  return health.state === 'running'
    ? health
    : { state: 'paused', reason: `bulk lane ${health.state}: ${health.reason ?? ''}` };
}
