import { createCounter, ENV, LOGGER, METRICS, type Logger, type Registry } from '@fangpin/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { GatewayEnv } from '../env.js';
import { SLIDING_WINDOW } from './sliding-window.js';

export interface Allowance {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until one more is allowed, or until the window ends. */
  readonly resetSeconds: number;
}

const WINDOW_MS = 60_000;
/** A limit must cost less than what it protects. */
const ANSWER_MS = 250;
const WARN_EVERY_MS = 30_000;

/**
 * Counts requests by the minute in Redis. When Redis is away every request passes: limits keep one client from crowding out the
 * others, and a county that cannot report a hailstorm because a counter is down is the greater harm. Sign-in does not depend on it.
 */
@Injectable()
export class RateLimiter implements OnApplicationShutdown {
  readonly #redis: Redis;
  readonly #bypassed: ReturnType<typeof createCounter>;
  #warnedAt = -Infinity;

  constructor(
    @Inject(ENV) env: GatewayEnv,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(METRICS) registry: Registry,
  ) {
    this.#bypassed = createCounter(
      registry,
      'gateway_limits_bypassed_total',
      'Requests let pass because Redis was away',
    );
    this.#redis = new Redis(env.redisUrl, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: ANSWER_MS,
      connectTimeout: 2_000,
      retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
    });
    // Every failed attempt to connect is an event; what matters is said where a request passes uncounted.
    this.#redis.on('error', () => undefined);
  }

  /** Counts one request of `whom` against `limit` a minute; undefined when it cannot be counted. */
  async take(whom: string, limit: number): Promise<Allowance | undefined> {
    try {
      const answer = (await this.#redis.eval(SLIDING_WINDOW, 1, `fangpin:limit:${whom}`, limit, WINDOW_MS)) as number[];
      const [allowed, remaining = 0, resetMs = WINDOW_MS] = answer;
      return { allowed: allowed === 1, limit, remaining, resetSeconds: Math.ceil(resetMs / 1_000) };
    } catch (error) {
      this.#bypassed.inc();
      if (performance.now() - this.#warnedAt > WARN_EVERY_MS) {
        this.#warnedAt = performance.now();
        this.log.warn({ err: error }, 'requests pass uncounted: Redis does not answer');
      }
      return undefined;
    }
  }

  /** Whether Redis answers, for readiness. */
  async answers(): Promise<boolean> {
    return this.#redis.ping().then(
      () => true,
      () => false,
    );
  }

  onApplicationShutdown(): void {
    this.#redis.disconnect();
  }
}
