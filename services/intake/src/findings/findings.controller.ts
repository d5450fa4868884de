import { Body, Controller, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { Access, CurrentCaller, type Caller } from '@fangpin/service-kit';
import { FindingRequest, WithdrawRequest } from './dto/finding.request.js';
import { FindingResponse, FindingTakenResponse } from './dto/finding.response.js';
import { showFinding } from './finding-view.js';
import { ReadFindings } from './read-one.js';
import { ReceiveFinding, type FindingTaken } from './receive-finding.js';
import { WithdrawFinding } from './withdraw-finding.js';

@ApiTags('department findings')
@ApiParam({ name: 'department', example: 'health-insurance' })
@Controller('v1/departments/:department/findings')
export class FindingsController {
  constructor(
    private readonly receive: ReceiveFinding,
    private readonly findings: ReadFindings,
    private readonly withdraw: WithdrawFinding,
  ) {}

  @Post()
  @HttpCode(202)
  @Access('department-client')
  @ApiOperation({
    summary: 'Push one finding of a department',
    description:
      'A clue about a household (部门筛查预警), never a decision. A finding is known by department and area of the account, person or household, kind and ' +
      '`since`: what comes again with other facts is its next revision (`updated`), the same again changes nothing (`duplicate`). ' +
      'A person whom the register does not know within the account’s area is kept (`unmatched`) and matched by itself later. ' +
      'A finding whose household has moved out of the area is corrected all the same; the answer does not name the household then. ' +
      'Refuses bad fields (400, all named; the ID number is never told back), another department’s account (403), an unknown department (404).',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiBody({ type: FindingRequest })
  @ApiAcceptedResponse({ type: FindingTakenResponse })
  post(
    @Param('department') department: string,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<FindingTaken> {
    return this.receive.execute(department, body, caller, key);
  }

  @Get(':id')
  @Access('department-client', 'county-officer')
  @ApiOperation({
    summary:
      'State of a finding, without personal data; 404 outside the caller’s area or department, unless the caller’s account sent it',
  })
  @ApiOkResponse({ type: FindingResponse })
  async get(
    @Param('department') department: string,
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<FindingResponse> {
    return showFinding(await this.findings.one(department, id, caller), caller.scope);
  }

  @Post(':id/withdraw')
  @HttpCode(202)
  @Access('department-client')
  @ApiOperation({
    summary: 'Take a finding back',
    description:
      'What followed from it is recalled, wherever its household has moved. Only an account of the area that sent it takes it back (403). A finding that is withdrawn already stays as it is; pushed again, it is raised anew, of the household in which the register finds the person then.',
  })
  @ApiBody({ type: WithdrawRequest })
  @ApiAcceptedResponse({ type: FindingResponse })
  async takeBack(
    @Param('department') department: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
  ): Promise<FindingResponse> {
    return showFinding(await this.withdraw.execute(department, id, body, caller), caller.scope);
  }
}
