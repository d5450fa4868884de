import { ENV, ReadinessCheck, type ProbeResult, type ReadinessProbe } from '@fangpin/service-kit';
import { Inject } from '@nestjs/common';
import type { GatewayEnv } from '../env.js';
import { RateLimiter } from '../limits/rate-limiter.js';
import { upstreams, type Upstream } from '../routing/route-table.js';

const TIMEOUT_MS = 4_000;

/** The gateway is ready when every service is; each is listed. Redis only counts: without it the gateway is degraded. */
@ReadinessCheck()
export class ServicesProbe implements ReadinessProbe {
  constructor(
    @Inject(ENV) private readonly env: GatewayEnv,
    private readonly limiter: RateLimiter,
  ) {}

  async probe(): Promise<Record<string, ProbeResult>> {
    const [limits, ...services] = await Promise.all([this.#limits(), ...upstreams.map((name) => this.#service(name))]);
    return Object.fromEntries([...services, ['limits', limits]]) as Record<string, ProbeResult>;
  }

  async #limits(): Promise<ProbeResult> {
    return (await this.limiter.answers()) ? { status: 'up' } : { status: 'degraded', reason: 'Redis does not answer' };
  }

  async #service(name: Upstream): Promise<[string, ProbeResult]> {
    try {
      const url = new URL('/health/ready', this.env.serviceUrls[name]);
      const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.ok) return [name, { status: 'up' }];
      const { detail } = (await response.json()) as { detail?: string };
      return [name, { status: 'down', reason: detail ?? `answers ${response.status}` }];
    } catch {
      return [name, { status: 'down', reason: 'does not answer' }];
    }
  }
}
