import { Access, CurrentCaller, PageQuery, PathUuid, type Caller } from '@fangpin/service-kit';
import { Body, Controller, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApplyToFindings } from './apply-to-findings.js';
import { FindingApplicationRequest } from './finding-applications.request.js';
import {
  FindingApplicationAnswer,
  FindingApplicationPage,
  FindingApplicationResponse,
} from './finding-applications.response.js';
import { ReadFindingApplications } from './read-applications.js';

@ApiTags('findings')
@ApiBearerAuth()
@Controller('v1/findings/policy-applications')
export class FindingApplicationsController {
  constructor(
    private readonly applyPolicy: ApplyToFindings,
    private readonly applications: ReadFindingApplications,
  ) {}

  @Post()
  @Access('operator', 'county-officer')
  @ApiOperation({
    summary: 'Apply the present policy version to findings that an older one judged',
    description:
      'Every finding of the days, kinds and area that another version judged is judged by the version loaded now, with the values of its ' +
      'own day and the household as it is today. Alerts follow in the bulk lane: raised, changed, or taken back; one that comes out the same ' +
      'stays. `dryRun` answers how many it would be, and changes nothing (200). The same request again is the same application. 403 outside ' +
      "the caller's area; 400 names every bad field. For shocks see `POST /v1/policy-applications`.",
  })
  @ApiAcceptedResponse({ type: FindingApplicationAnswer })
  @ApiOkResponse({ type: FindingApplicationAnswer, description: 'Of a dry run' })
  async apply(
    @Body() request: FindingApplicationRequest,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FindingApplicationAnswer> {
    const answer = await this.applyPolicy.execute(request, caller);
    reply.status(answer.applicationId === null ? HttpStatus.OK : HttpStatus.ACCEPTED);
    return answer;
  }

  @Get()
  @Access('operator', 'county-officer', 'prefecture-analyst', 'auditor')
  @ApiOperation({ summary: "Policies applied backwards to findings that touch the caller's area, newest first" })
  @ApiOkResponse({ type: FindingApplicationPage })
  list(@Query() query: PageQuery, @CurrentCaller() caller: Caller): Promise<FindingApplicationPage> {
    return this.applications.page(query, caller);
  }

  @Get(':id')
  @Access('operator', 'county-officer', 'prefecture-analyst', 'auditor')
  @ApiOperation({ summary: 'One application: who, why, by which document, and what came of it' })
  @ApiOkResponse({ type: FindingApplicationResponse })
  get(@Param('id', PathUuid) id: string, @CurrentCaller() caller: Caller): Promise<FindingApplicationResponse> {
    return this.applications.one(id, caller);
  }
}
