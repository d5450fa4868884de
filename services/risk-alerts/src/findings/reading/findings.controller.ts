import { parseRegionCode } from '@fangpin/domain-kit';
import { regionScope, type Scope } from '@fangpin/persistence';
import { Access, assertWithin, CurrentCaller, PathUuid, readPage, roles, type Caller } from '@fangpin/service-kit';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { FindingPage, FindingSummary, SettledFindingResponse } from './finding.responses.js';
import { FindingsFilter } from './findings.query.js';
import { ReadFindings, type FindingFilter } from './read-findings.js';

@ApiTags('findings')
@ApiBearerAuth()
@Controller('v1/findings')
export class FindingsController {
  constructor(private readonly findings: ReadFindings) {}

  /** Findings of an area in order of place. A region outside the caller's area is refused with 403; a department sees its own. */
  @Get()
  @Access(...roles)
  @ApiOperation({ summary: 'Findings of departments, and what became of each' })
  @ApiOkResponse({ type: FindingPage })
  list(@Query() query: FindingsFilter, @CurrentCaller() caller: Caller): Promise<FindingPage> {
    return this.findings.list(filterOf(query, caller), readPage(query), scopeOf(query, caller));
  }

  /** How many of them there are: findings = exposed + waiting + withdrawn, exposed = alerted + withheld. */
  @Get('summary')
  @Access(...roles)
  @ApiOperation({ summary: 'Counts of findings by outcome and reason' })
  @ApiOkResponse({ type: FindingSummary })
  summary(@Query() query: FindingsFilter, @CurrentCaller() caller: Caller): Promise<FindingSummary> {
    return this.findings.summary(filterOf(query, caller), scopeOf(query, caller));
  }

  /** One finding with the alerts that it raised, and where they went. */
  @Get(':id')
  @Access(...roles)
  @ApiOperation({ summary: 'One finding, its alerts and what became of them' })
  @ApiOkResponse({ type: SettledFindingResponse })
  get(@Param('id', PathUuid) id: string, @CurrentCaller() caller: Caller): Promise<SettledFindingResponse> {
    return this.findings.get(id, caller.department, caller.scope);
  }
}

function scopeOf({ region: asked }: FindingsFilter, caller: Caller): Scope {
  const region = asked === undefined ? caller.region : parseRegionCode(asked);
  assertWithin(caller, region);
  return regionScope(region);
}

/** A department that asks for another one's finds none: what it may see is not widened by a query. */
function filterOf({ kind, outcome, department, batchId }: FindingsFilter, caller: Caller): FindingFilter {
  const own = caller.department;
  const nothing = own !== undefined && department !== undefined && own !== department;
  return { kind, outcome, department: nothing ? '' : (own ?? department), batchId };
}
