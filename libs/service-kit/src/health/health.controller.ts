import { Controller, Get, Header } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import { HealthCheckService, type HealthCheckResult, type HealthIndicatorResult } from '@nestjs/terminus';
import { Public } from '../access/access.decorators.js';
import { HttpRefusal } from '../problems/http-refusal.js';
import { instancesWith } from '../discovery.js';
import { READINESS_METADATA, type ReadinessProbe } from './readiness-probe.js';

/** Not ready, with the parts that are not well. */
class NotReady extends HttpRefusal {
  constructor(result: Partial<HealthCheckResult>) {
    const down = Object.keys(result.error ?? {});
    const message = down.length > 0 ? `not ready: ${down.join(', ')}` : 'not ready: shutting down';
    super(503, 'SERVICE.NOT_READY', message, { state: result.status, checks: result.details ?? {} });
  }
}

/** Probes for whoever runs the process. */
@ApiExcludeController()
@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  /** The process answers; nothing else is looked at, so that a database outage does not restart every service. */
  @Get('live')
  @Header('cache-control', 'no-store')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 `{status, details}` when every part is well (or only degraded); else a 503 problem whose `checks` tells each part. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  async ready(): Promise<Pick<HealthCheckResult, 'status' | 'details'>> {
    const probes = instancesWith<ReadinessProbe>(this.discovery, this.reflector, READINESS_METADATA);
    const { status, error, details } = await this.#run(probes);
    if (status === 'error' || status === 'shutting_down') throw new NotReady({ status, error: error ?? {}, details });
    return { status, details };
  }

  async #run(probes: readonly ReadinessProbe[]): Promise<HealthCheckResult> {
    try {
      return await this.checks.check(
        probes.map((probe) => async (): Promise<HealthIndicatorResult> => {
          try {
            return (await probe.probe()) as HealthIndicatorResult;
          } catch {
            return { [probe.constructor.name]: { status: 'down' } };
          }
        }),
      );
    } catch (error) {
      // Terminus throws its result when a part is down.
      const result = (error as { getResponse?: () => unknown }).getResponse?.();
      if (typeof result === 'object' && result !== null && 'details' in result) return result as HealthCheckResult;
      throw error;
    }
  }
}
