import { Body, Controller, Get, Headers, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { InvalidValue, parseRegionCode, type HouseholdId } from '@fangpin/domain-kit';
import { Access, type Caller, CurrentCaller, etagOf, householdReaders } from '@fangpin/service-kit';
import type { FastifyReply } from 'fastify';
import { ChangeHousehold } from './commands/change-household.js';
import { RegisterHousehold } from './commands/register-household.js';
import { HouseholdQuery } from './dto/household.query.js';
import { ChangeHouseholdRequest, RegisterHouseholdRequest } from './dto/household.request.js';
import { HouseholdPage, HouseholdRegistered, HouseholdResponse } from './dto/household.response.js';
import { HouseholdsOfArea } from './queries/households-of-area.js';
import { showHousehold } from './show-household.js';

const editors = [
  'village-monitor',
  'resident-team',
  'helper',
  'township-caseworker',
  'county-officer',
  'operator',
] as const;

@ApiTags('households')
@Controller('v1/households')
export class HouseholdsController {
  constructor(
    private readonly register: RegisterHousehold,
    private readonly change: ChangeHousehold,
    private readonly households: HouseholdsOfArea,
  ) {}

  @Post()
  @Access(...editors)
  @ApiOperation({
    summary: 'Register a household',
    description: 'Facts and codes only: no names or phones; of an ID number the keyed hash is kept.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: HouseholdRegistered })
  async post(
    @Body() request: RegisterHouseholdRequest,
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HouseholdRegistered> {
    const { status, body } = await this.register.execute(request, caller, key);
    reply.status(status).header('etag', body.etag).header('location', `/v1/households/${body.id}`);
    return body;
  }

  @Get()
  @Access(...householdReaders)
  @ApiOperation({ summary: "Households of an area, the caller's own when none is told" })
  @ApiOkResponse({ type: HouseholdPage })
  async list(@Query() query: HouseholdQuery, @CurrentCaller() caller: Caller): Promise<HouseholdPage> {
    const region = query.region === undefined ? caller.region : parseRegionCode(query.region);
    const { items, nextCursor } = await this.households.page(region, query, caller);
    return { items: items.map(showHousehold), nextCursor };
  }

  @Get(':id')
  @Access(...householdReaders)
  @ApiOperation({ summary: 'A household; 404 outside the caller’s area' })
  @ApiOkResponse({ type: HouseholdResponse })
  async get(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HouseholdResponse> {
    const household = await this.households.one(readId(id), caller);
    reply.header('etag', etagOf(household.revision));
    return showHousehold(household);
  }

  @Patch(':id')
  @Access(...editors)
  @ApiOperation({ summary: 'Change a household', description: 'Members and livelihoods are replaced whole.' })
  @ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the household as it was read' })
  @ApiOkResponse({ type: HouseholdResponse })
  async patch(
    @Param('id') id: string,
    @Body() request: ChangeHouseholdRequest,
    @CurrentCaller() caller: Caller,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HouseholdResponse> {
    const household = await this.change.execute(readId(id), request, caller, ifMatch);
    reply.header('etag', etagOf(household.revision));
    return showHousehold(household);
  }
}

function readId(text: string): HouseholdId {
  const id = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(id))
    throw new InvalidValue('id', text, 'must be the id of a household, a positive integer');
  return id;
}
