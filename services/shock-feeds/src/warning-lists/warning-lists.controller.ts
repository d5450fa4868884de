import { Body, Controller, Headers, HttpCode, Inject, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiBody,
  ApiHeader,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { Clock } from '@fangpin/domain-kit';
import { Access, CLOCK, CurrentCaller, type Caller } from '@fangpin/service-kit';
import type { IntakeAnswer } from '../intake/answer.js';
import { WrongContentType } from '../intake/bodies.js';
import { posters, receivedFrom } from '../intake/callers.js';
import { judgedAt } from '../intake/received.js';
import { readTexts } from './read-texts.js';
import { TakeWarningList, type WarningListAnswer } from './take-warning-list.js';
import { TakeWarnings } from './take-warnings.js';
import {
  WarningListRequest,
  WarningListResponse,
  WarningTextsRequest,
  WarningTextsResponse,
} from './warning-lists.dto.js';

@ApiTags('shocks')
@Controller('v1/shocks')
export class WarningListsController {
  constructor(
    private readonly list: TakeWarningList,
    private readonly warnings: TakeWarnings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('warning-lists')
  @HttpCode(202)
  @Access(...posters)
  @ApiOperation({
    summary: 'Take a list of warnings in force, as the weather service publishes it',
    description:
      'Kind, colour, office and area are read from each title, from picture and number where it says nothing. A list has ' +
      'neither ends nor lifting notices: each warning gets the life that policy gives its kind (`WARNING.EXPIRY_ASSUMED`). The same ' +
      'warning from CAP or a snapshot is the same shock. Unknown members are ignored; 16 MiB are taken.',
  })
  @ApiHeader({ name: 'x-fangpin-as-of', required: false, description: 'Replay time, as `asOf`' })
  @ApiQuery({ name: 'asOf', required: false, description: 'Replay time (RFC 3339; operators only)' })
  @ApiBody({ type: WarningListRequest })
  @ApiAcceptedResponse({ type: WarningListResponse })
  @ApiBadRequestResponse({ description: 'No list, or none of its entries is an object; the field is named' })
  async postList(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Headers('x-fangpin-as-of') asOfHeader: string | undefined,
    @Query('asOf') asOf: string | string[] | undefined,
  ): Promise<WarningListAnswer> {
    if (Buffer.isBuffer(body)) throw new WrongContentType(['application/json']);
    return this.list.take(body, receivedFrom(caller, this.clock, String(asOf ?? asOfHeader ?? '')));
  }

  @Post('warning-texts')
  @HttpCode(202)
  @Access(...posters)
  @ApiOperation({
    summary: 'Take warnings as the Chinese texts in which they are published',
    description:
      'One text, or `{texts:[…]}`. Several warnings or levels in one text are one answer each. 解除 ends the warning that it ' +
      'names; 继续发布 and a new warning of the same office and kind revise the standing one. Areas are the finest ones named as ' +
      'forecast, else the issuing office’s. A time without its year is resolved against the time of receipt (`WARNING.TIME_ASSUMED`).',
  })
  @ApiHeader({ name: 'x-fangpin-as-of', required: false, description: 'Replay time, as `asOf`' })
  @ApiQuery({ name: 'asOf', required: false, description: 'Replay time (RFC 3339; operators only)' })
  @ApiBody({ type: WarningTextsRequest })
  @ApiAcceptedResponse({ type: WarningTextsResponse })
  @ApiBadRequestResponse({ description: 'A text is missing or of the wrong form; all bad fields are named' })
  async postTexts(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Headers('x-fangpin-as-of') asOfHeader: string | undefined,
    @Query('asOf') asOf: string | string[] | undefined,
  ): Promise<{ alerts: readonly IntakeAnswer[] }> {
    if (Buffer.isBuffer(body)) throw new WrongContentType(['application/json']);
    const received = receivedFrom(caller, this.clock, String(asOf ?? asOfHeader ?? ''));
    const answers = await this.warnings.take(readTexts(body, judgedAt(received)), received);
    return { alerts: answers.flat() };
  }
}
