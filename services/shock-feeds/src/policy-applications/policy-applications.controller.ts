import { Body, Controller, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentCaller, PageQuery, type Caller } from '@fangpin/service-kit';
import type { FastifyReply } from 'fastify';
import { ApplyPolicy, type ApplicationAnswer } from './apply-policy.js';
import { PolicyApplicationRequest } from './policy-applications.request.js';
import {
  ApplicationAnswerResponse,
  PolicyApplicationDetailResponse,
  PolicyApplicationPageResponse,
} from './policy-applications.response.js';
import { ReadApplications } from './read-applications.js';

@ApiTags('policy')
@Controller('v1/policy-applications')
export class PolicyApplicationsController {
  constructor(
    private readonly applyPolicy: ApplyPolicy,
    private readonly applications: ReadApplications,
  ) {}

  @Post()
  @Access('operator', 'county-officer')
  @ApiOperation({
    summary: 'Apply the present policy version to shocks that an older one judged',
    description:
      'Every shock told of that lies in the region, was judged on one of the days and by another version, gets a new revision ' +
      'judged by the version loaded now, with the values of its own day: lane, drawn areas, intensities, assumed ends. One that is ' +
      'only recorded then and now is left out; one that cannot be judged is parked, and tried again, while the others go on. ' +
      'Alerts follow in the bulk lane: raised, changed and withdrawn by the households as they are today. `dryRun` answers which ' +
      'shocks it would be, and changes nothing (200). The same request again is the same application. 403 outside the ' +
      "caller's area; 400 names every bad field.",
  })
  @ApiAcceptedResponse({ type: ApplicationAnswerResponse })
  @ApiOkResponse({ type: ApplicationAnswerResponse, description: 'Of a dry run' })
  async apply(
    @Body() request: PolicyApplicationRequest,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApplicationAnswer> {
    const answer = await this.applyPolicy.execute(request, caller);
    reply.status(answer.applicationId === null ? HttpStatus.OK : HttpStatus.ACCEPTED);
    return answer;
  }

  @Get()
  @Access('operator', 'county-officer', 'prefecture-analyst', 'auditor')
  @ApiOperation({ summary: "Policies applied backwards that touch the caller's area, newest first" })
  @ApiOkResponse({ type: PolicyApplicationPageResponse })
  list(@Query() query: PageQuery, @CurrentCaller() caller: Caller) {
    return this.applications.page(query, caller);
  }

  @Get(':id')
  @Access('operator', 'county-officer', 'prefecture-analyst', 'auditor')
  @ApiOperation({
    summary: 'One application: who, why, by which document, and what became of each shock',
    description: 'Shocks come by pages. 404 where there is none in the area.',
  })
  @ApiOkResponse({ type: PolicyApplicationDetailResponse })
  get(@Param('id') id: string, @Query() query: PageQuery, @CurrentCaller() caller: Caller) {
    return this.applications.one(id, query, caller);
  }
}
