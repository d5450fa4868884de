import { Access, CurrentCaller, type Caller } from '@fangpin/service-kit';
import { toBeijingTime } from '@fangpin/domain-kit';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { LOGGER, type Logger } from '@fangpin/service-kit';
import { RebuildExposure, type RebuildStatus } from './rebuild-exposure.js';

export class RebuildResponse {
  @ApiProperty({ example: 3 })
  id!: number;
  @ApiProperty({ enum: ['none', 'running', 'swapped', 'failed'] })
  state!: string;
  @ApiProperty({ enum: ['a', 'b'], description: 'The set that is read' })
  live!: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  startedAt!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  swappedAt!: string | null;
}

@ApiTags('exposure')
@ApiBearerAuth()
@Controller('v1/exposure/rebuild')
export class ExposureController {
  constructor(
    private readonly rebuild: RebuildExposure,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Reads the registry's and income's topics from their beginning into a second set and swaps it in when it has caught up. */
  @Post()
  @HttpCode(202)
  @Access('operator')
  @ApiOperation({ summary: 'Rebuild the exposure projection beside the live one' })
  @ApiOkResponse({ type: RebuildResponse })
  async start(@CurrentCaller() caller: Caller): Promise<RebuildResponse> {
    this.log.info({ subject: caller.subject }, 'exposure rebuild asked for');
    return responseOf(await this.rebuild.start());
  }

  /** How the last rebuild stands. */
  @Get()
  @Access('operator', 'auditor')
  @ApiOperation({ summary: 'State of the exposure rebuild' })
  @ApiOkResponse({ type: RebuildResponse })
  async status(): Promise<RebuildResponse> {
    return responseOf(await this.rebuild.status());
  }
}

function responseOf(status: RebuildStatus): RebuildResponse {
  return {
    id: status.rebuildNo,
    state: status.state,
    live: status.live,
    startedAt: status.startedAt === null ? null : toBeijingTime(status.startedAt),
    swappedAt: status.swappedAt === null ? null : toBeijingTime(status.swappedAt),
  };
}
