/**
 * Tells operators how far a process is behind, in figures of /metrics: what its consumers have still to apply, what is parked,
 * what its outbox has not said, and whether database and bus answered the last look. docs/runbook.md says what to do about each.
 */
import { topicCatalogue } from '@fangpin/contracts';
import {
  BusRefused,
  BusUnavailable,
  consumerLags,
  keptBack,
  type Bus,
  type ConsumerLag,
  type KeptBack,
} from '@fangpin/messaging';
import { Database } from '@fangpin/persistence';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { Rounds } from '../jobs/rounds.js';
import type { ServiceOptions } from '../kit-options.js';
import { createGauge } from '../metrics/metrics.js';
import { BUS, KIT_OPTIONS, LOGGER, METRICS } from '../tokens.js';
import { ServiceConsumers } from './service-consumers.js';

/** Figures are looked up so often, however often they are read. */
const LOOK_MS = 10_000;
const STATES = ['running', 'paused', 'halted'] as const;

@Injectable()
export class WatchBacklog implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #lags: readonly ConsumerLag[] = [];
  #kept: KeptBack | undefined;
  readonly #reached = new Map<'database' | 'bus', boolean>();
  /** Apart, so that brokers that are away do not keep the figures of the database from being told. */
  readonly #rounds = [
    new Rounds(
      LOOK_MS,
      () => this.lookAtDatabase(),
      (error) => this.#missed('database', error),
    ),
    new Rounds(
      LOOK_MS,
      () => this.lookAtBus(),
      (error) =>
        this.#missed(error instanceof BusUnavailable || error instanceof BusRefused ? 'bus' : 'database', error),
    ),
  ];

  constructor(
    @Inject(KIT_OPTIONS) private readonly options: ServiceOptions,
    @Inject(BUS) private readonly bus: Bus,
    private readonly database: Database,
    private readonly consumers: ServiceConsumers,
    @Inject(METRICS) metrics: Registry,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#tellOfConsumers(metrics);
    this.#tellOfOutbox(metrics);
    const help =
      'Whether the database and the bus answered the last look: 1 or 0; the figures of a backlog stand still meanwhile';
    createGauge(metrics, 'fangpin_reachable', help, ['part'], (gauge) => {
      for (const [part, reached] of this.#reached) gauge.set({ part }, reached ? 1 : 0);
    });
  }

  onApplicationBootstrap(): void {
    for (const rounds of this.#rounds) rounds.start();
  }

  /** Not awaited: a look at brokers that are away would take most of the time that a process has to stop. */
  beforeApplicationShutdown(): void {
    for (const rounds of this.#rounds) void rounds.stop();
  }

  /** Counts what the database keeps back. */
  async lookAtDatabase(): Promise<void> {
    this.#kept = await keptBack(this.database);
    this.#found('database');
  }

  /** Compares progress with the ends of the topics. */
  async lookAtBus(): Promise<void> {
    this.#lags = await consumerLags(this.bus, this.database, this.consumers.runners);
    this.#found('bus');
  }

  #found(part: 'database' | 'bus'): void {
    if (this.#reached.get(part) === false) this.log.info({ part }, 'what was away answers again');
    this.#reached.set(part, true);
  }

  #missed(part: 'database' | 'bus', error: unknown): void {
    if (this.#rounds.some(({ signal }) => signal.aborted)) return;
    if (this.#reached.get(part) !== false) this.log.warn({ part, err: error }, 'the backlog cannot be looked at');
    this.#reached.set(part, false);
  }

  #tellOfConsumers(metrics: Registry): void {
    const labels = ['consumer', 'topic'] as const;
    createGauge(
      metrics,
      'fangpin_consumer_lag_messages',
      'Messages that a consumer has still to apply',
      labels,
      (gauge) => {
        for (const { group: consumer, topic, behind } of this.#lags) gauge.set({ consumer, topic: topic.name }, behind);
      },
    );
    const age = 'The oldest message still to be applied was written at least so long ago, and less than twice as long';
    createGauge(metrics, 'fangpin_consumer_oldest_unread_seconds', age, labels, (gauge) => {
      for (const { group: consumer, topic, oldestSeconds } of this.#lags)
        gauge.set({ consumer, topic: topic.name }, oldestSeconds);
    });
    const state = 'What a consumer of this process does: 1 for its state, 0 for the others; halted needs an operator';
    createGauge(metrics, 'fangpin_consumer_state', state, ['consumer', 'state'], (gauge) => {
      for (const runner of this.consumers.runners)
        for (const one of STATES)
          gauge.set({ consumer: runner.group, state: one }, runner.health().state === one ? 1 : 0);
    });
    const parked = 'Messages, or parts of them, that could not be applied, with those that wait behind them';
    createGauge(metrics, 'fangpin_parked_letters', parked, labels, (gauge) => {
      if (this.#kept === undefined) return;
      for (const { group: consumer, topics } of this.consumers.runners)
        for (const { name: topic } of topics) gauge.set({ consumer, topic }, 0);
      for (const { consumer, topic, letters } of this.#kept.letters) gauge.set({ consumer, topic }, letters);
    });
  }

  #tellOfOutbox(metrics: Registry): void {
    const own = topicCatalogue.filter(({ owner }) => owner === this.options.service);
    const tell = (name: string, help: string, figure: (one: KeptBack['unpublished'][number]) => number): void => {
      createGauge(metrics, name, help, ['topic'], (gauge) => {
        if (this.#kept === undefined) return;
        for (const { name: topic } of own) gauge.set({ topic }, 0);
        for (const one of this.#kept.unpublished) gauge.set({ topic: one.topic }, figure(one));
      });
    };
    tell('fangpin_outbox_unpublished', 'Rows of the outbox that are not published yet', ({ rows }) => rows);
    const age = 'Since the oldest row of the outbox that is not published was stored';
    tell('fangpin_outbox_oldest_seconds', age, ({ oldestSeconds }) => oldestSeconds);
  }
}
