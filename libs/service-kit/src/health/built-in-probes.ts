import type { Bus } from '@fangpin/messaging';
import { Database } from '@fangpin/persistence';
import { Inject, Optional } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { ServiceConsumers } from '../messaging/service-consumers.js';
import { BUS } from '../tokens.js';
import { ReadinessCheck, type ReadinessProbe } from './readiness-probe.js';

const TIMEOUT_MS = 2_000;
/** Asking the brokers costs a round trip; probes come every few seconds from several sides. */
const BUS_CACHED_MS = 5_000;

/** Readiness of what every service rests on: its database, the bus, its consumers. What a process lacks is left out. */
@ReadinessCheck()
export class BuiltInProbes implements ReadinessProbe {
  constructor(
    private readonly indicators: HealthIndicatorService,
    @Optional() private readonly database?: Database,
    @Optional() @Inject(BUS) private readonly bus?: Bus,
    @Optional() private readonly consumers?: ServiceConsumers,
  ) {}

  async probe(): Promise<HealthIndicatorResult> {
    const results = await Promise.all([this.#database(), this.#bus(), this.#consumers()]);
    return Object.assign({}, ...results) as HealthIndicatorResult;
  }

  async #database(): Promise<HealthIndicatorResult> {
    const { database } = this;
    if (database === undefined) return {};
    return this.indicators
      .check('database')
      .attempt(async () => void (await database.dataSource.query('SELECT 1')))
      .withTimeout(TIMEOUT_MS);
  }

  async #bus(): Promise<HealthIndicatorResult> {
    const { bus } = this;
    if (bus === undefined) return {};
    return this.indicators
      .check('bus')
      .attempt(async () => void (await bus.clusterId()))
      .withTimeout(TIMEOUT_MS)
      .cacheFor(BUS_CACHED_MS);
  }

  async #consumers(): Promise<HealthIndicatorResult> {
    if (this.consumers === undefined || !this.consumers.any) return {};
    const { state, reason, hasRun } = this.consumers.health();
    const indicator = this.indicators.check('consumers');
    const details = { state, ...(reason === undefined ? {} : { reason }) };
    if (state === 'running') return indicator.up(details);
    // Once it has run, a paused runner waits for something to come back and goes on by itself; reads are still answered.
    return state === 'paused' && hasRun ? indicator.degraded(details) : indicator.down(details);
  }
}
