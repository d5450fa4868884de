import { Body, Controller, Get, Headers, HttpStatus, Inject, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiCreatedResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { InvalidValue, shanghaiDay, toBeijingTime, type Clock } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { Access, CLOCK, CurrentCaller, idempotent, page, readPage, type Caller, type Page } from '@fangpin/service-kit';
import { MoreThan } from 'typeorm';
import { CorrectEntry } from './correct-entry.js';
import {
  CorrectionDto,
  IncomeEntryDto,
  IncomeEntryPageDto,
  NewCorrectionDto,
  NewIncomeEntriesDto,
  NewIncomeEntryDto,
  RecordedEntriesDto,
} from './dto/income-entry.dto.js';
import { IncomeEntryQuery } from './dto/income-entry.query.js';
import { entryKinds } from './entry-kinds.js';
import { IncomeEntryEntity } from './income-entry.entity.js';
import { monthOfDay, monthText, plusMonths, type Month } from './month.js';
import { isHouseholdId, isObject, readEntries } from './new-entry.js';
import { RecordEntries } from './record-entries.js';

/** Rents and contracts are entered for months to come, but not for years to come. */
const MONTHS_AHEAD = 12;
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  required: false,
  description: 'A repeat with it gets the first answer.',
};

@ApiTags('income entries')
@ApiExtraModels(NewIncomeEntryDto, NewIncomeEntriesDto)
@Access('resident-team', 'helper', 'township-caseworker', 'county-officer', 'department-client')
@Controller('v1/income-entries')
export class IncomeEntriesController {
  constructor(
    private readonly database: Database,
    private readonly record: RecordEntries,
    private readonly correct: CorrectEntry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Enter incomes and costs of households',
    description:
      'One entry, or up to 1000 in `entries`: all are taken or none. The figure of each household is made anew and published. ' +
      '201 where something was added, 200 where the ledger held it all. Refuses unknown kinds, months and amounts (400, naming ' +
      'each field), households outside the area (404), and a sourceKey that names another fact (409).',
  })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({
    schema: { oneOf: [{ $ref: getSchemaPath(NewIncomeEntryDto) }, { $ref: getSchemaPath(NewIncomeEntriesDto) }] },
  })
  @ApiCreatedResponse({ type: RecordedEntriesDto })
  @ApiOkResponse({ type: RecordedEntriesDto })
  async enter(
    @Body() body: object,
    @Headers('idempotency-key') key: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecordedEntriesDto> {
    const entries = readEntries(body, this.#latestMonth());
    const isList = isObject(body) && 'entries' in body;
    const pathOf = (index: number): string => (isList ? `entries[${index}].` : '');
    const answer = await this.database.transaction(caller.scope, (tx) =>
      idempotent(tx, { key, route: 'POST /v1/income-entries', caller, body }, async () => {
        const recorded = await this.record.execute(tx, entries, { by: caller.subject, pathOf });
        const status = recorded.every((entry) => entry.repeated) ? HttpStatus.OK : HttpStatus.CREATED;
        return { status, body: { items: recorded.map(({ entryId, ...others }) => ({ id: entryId, ...others })) } };
      }),
    );
    reply.status(answer.status);
    return answer.body;
  }

  @Post(':id/correction')
  @ApiOperation({
    summary: 'Take an entry back',
    description:
      'Enters a reversing entry and, with `replacement`, the right fact; the ledger overwrites nothing. Refuses an entry that was corrected before or is itself a reversal (409).',
  })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ type: NewCorrectionDto })
  @ApiCreatedResponse({ type: CorrectionDto })
  async takeBack(
    @Param('id') idText: string,
    @Body() body: object,
    @Headers('idempotency-key') key: string | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<CorrectionDto> {
    const id = /^\d{1,16}$/.test(idText) ? Number(idText) : 0;
    if (!isHouseholdId(id)) throw new InvalidValue('id', idText, 'must be the id of an income entry');
    const route = `POST /v1/income-entries/${id}/correction`;
    const answer = await this.database.transaction(caller.scope, (tx) =>
      idempotent(tx, { key, route, caller, body }, async () => ({
        status: HttpStatus.CREATED,
        body: await this.correct.execute(tx, id, body, this.#latestMonth(), caller.subject),
      })),
    );
    return answer.body;
  }

  @Get()
  @Access('resident-team', 'helper', 'township-caseworker', 'county-officer', 'prefecture-analyst', 'auditor')
  @ApiOperation({
    summary: 'List the entries of a household',
    description: 'In the order of entering, reversals included.',
  })
  @ApiOkResponse({ type: IncomeEntryPageDto })
  async list(@Query() query: IncomeEntryQuery, @CurrentCaller() caller: Caller): Promise<Page<IncomeEntryDto>> {
    const { limit, after } = readPage(query);
    const afterId = after === undefined ? 0 : after[0];
    if (typeof afterId !== 'number') throw new InvalidValue('cursor', query.cursor, 'must be a cursor of this list');
    const rows = await this.database.transaction(caller.scope, (tx) =>
      tx.manager.getRepository(IncomeEntryEntity).find({
        where: { householdId: Number(query.householdId), entryId: MoreThan(afterId) },
        order: { entryId: 'ASC' },
        take: limit + 1,
      }),
    );
    return page(rows.map(viewOf), limit, (entry) => [entry.id]);
  }

  #latestMonth(): Month {
    return plusMonths(monthOfDay(shanghaiDay(this.clock.now())), MONTHS_AHEAD);
  }
}

function viewOf(row: IncomeEntryEntity): IncomeEntryDto {
  return {
    id: row.entryId,
    householdId: row.householdId,
    kind: row.kind,
    kindName: entryKinds[row.kind].name,
    from: monthText(row.from),
    to: monthText(row.to),
    amountFen: row.amountFen,
    source: row.source,
    sourceKey: row.sourceKey,
    reversesId: row.reversesEntryId,
    recordedAt: toBeijingTime(row.recordedAt),
  };
}
