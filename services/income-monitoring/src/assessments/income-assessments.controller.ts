import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { InvalidValue, parseRegionCode } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import {
  Access,
  assertWithin,
  CurrentCaller,
  page,
  readPage,
  type Caller,
  type CursorKey,
  type Page,
} from '@fangpin/service-kit';
import { findMonth } from '../ledger/month.js';
import { assessmentView } from './assessment-view.js';
import {
  IncomeAssessmentDetailDto,
  IncomeAssessmentDto,
  IncomeAssessmentPageDto,
} from './dto/income-assessment.dto.js';
import { AsOfQuery, IncomeAssessmentQuery } from './dto/income-assessment.query.js';
import { ReadAssessments } from './read-assessments.js';

@ApiTags('income assessments')
@Access('resident-team', 'helper', 'township-caseworker', 'county-officer', 'prefecture-analyst', 'auditor')
@Controller('v1/income-assessments')
export class IncomeAssessmentsController {
  constructor(
    private readonly database: Database,
    private readonly assessments: ReadAssessments,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List the figures in force',
    description: 'Of an area within the caller’s own (403 outside it).',
  })
  @ApiOkResponse({ type: IncomeAssessmentPageDto })
  async list(
    @Query() query: IncomeAssessmentQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Page<IncomeAssessmentDto>> {
    const region = query.region === undefined ? caller.region : parseRegionCode(query.region);
    assertWithin(caller, region);
    const { limit, after } = readPage(query);
    const from = after === undefined ? {} : { after: positionOf(after, query.cursor) };
    const rows = await this.database.transaction(caller.scope, (tx) =>
      this.assessments.list(tx, region, { limit: limit + 1, ...from }),
    );
    const { items, nextCursor } = page(rows, limit, (row) => [row.duty_code, row.household_id]);
    return { items: items.map(assessmentView), nextCursor };
  }

  @Get(':householdId')
  @ApiOperation({
    summary: 'The figure of a household',
    description:
      'The rolling twelve-month per-capita figure (家庭人均纯收入) with its sums. With `asOf` it is recomputed from the ledger for an assessment made in that month. 404 where nothing is known.',
  })
  @ApiOkResponse({ type: IncomeAssessmentDetailDto })
  read(
    @Param('householdId') idText: string,
    @Query() query: AsOfQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<IncomeAssessmentDetailDto> {
    if (!/^[1-9]\d{0,14}$/.test(idText))
      throw new InvalidValue('householdId', idText, 'must be a household id (a positive integer)');
    const month = findMonth(query.asOf);
    return this.database.transaction(caller.scope, (tx) =>
      month === undefined
        ? this.assessments.latest(tx, Number(idText))
        : this.assessments.asOf(tx, Number(idText), month),
    );
  }
}

function positionOf(after: CursorKey, cursor: string | undefined): readonly [number, number] {
  const [place, household] = after;
  if (typeof place !== 'number' || typeof household !== 'number')
    throw new InvalidValue('cursor', cursor, 'must be a cursor of this list');
  return [place, household];
}
