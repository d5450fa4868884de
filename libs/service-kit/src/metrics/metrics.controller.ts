import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { Access, Public } from '../access/access.decorators.js';
import { METRICS } from '../tokens.js';

/** Figures for Prometheus: of the process and of HTTP by route pattern; nothing in them is about a person or a place. */
@ApiExcludeController()
@Public()
@Controller('metrics')
export class OpenMetricsController {
  constructor(@Inject(METRICS) private readonly registry: Registry) {}

  @Get()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  @Header('cache-control', 'no-store')
  read(): Promise<string> {
    return this.registry.metrics();
  }
}

/** The same behind sign-in, for a process that the outside can reach. */
@Access('operator', 'auditor')
@Controller('metrics')
@ApiExcludeController()
export class OperatorMetricsController extends OpenMetricsController {}
