import { Body, Controller, Headers, HttpCode, Inject, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { Clock } from '@fangpin/domain-kit';
import { Access, CLOCK, CurrentCaller, type Caller } from '@fangpin/service-kit';
import type { IntakeAnswer } from '../intake/answer.js';
import { charsetOf, WrongContentType } from '../intake/bodies.js';
import { posters, receivedFrom } from '../intake/callers.js';
import { IntakeResponse } from '../intake/intake.response.js';
import { TakeCap } from './take-cap.js';

const TYPES = ['application/cap+xml', 'application/xml', 'text/xml'] as const;

@ApiTags('shocks')
@Controller('v1/shocks/cap')
export class CapController {
  constructor(
    private readonly cap: TakeCap,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(202)
  @Access(...posters)
  @ApiOperation({
    summary: 'Take a CAP message',
    description:
      'CAP 1.2, 1.1, 1.0 and the national 12379 format. Stored with its event before the answer. Expired, Test, Exercise, ' +
      'Draft and foreign messages are `recorded`; what no one can place is `quarantined` with its reason; the same message ' +
      'again is a `duplicate`. Expired means over at receipt, or at the replay time. A file of several alerts is answered ' +
      '`{alerts:[…]}`, one answer each.',
  })
  @ApiConsumes(...TYPES)
  @ApiBody({ schema: { type: 'string' } })
  @ApiHeader({ name: 'x-fangpin-as-of', required: false, description: 'Replay time, as `asOf`' })
  @ApiQuery({
    name: 'asOf',
    required: false,
    description: 'Replay time (RFC 3339; operators only): the message is judged as if it were received then',
  })
  @ApiAcceptedResponse({ type: IntakeResponse })
  @ApiBadRequestResponse({ description: 'Not well-formed, a DTD, no alert, or required elements missing (all named)' })
  async post(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Headers('content-type') contentType: string | undefined,
    @Headers('x-fangpin-as-of') asOfHeader: string | undefined,
    @Query('asOf') asOf: string | string[] | undefined,
  ): Promise<IntakeAnswer | { alerts: readonly IntakeAnswer[] }> {
    if (!Buffer.isBuffer(body)) throw new WrongContentType(TYPES);
    const received = receivedFrom(caller, this.clock, String(asOf ?? asOfHeader ?? ''));
    const { bundle, answers } = await this.cap.take(body, charsetOf(contentType), received);
    return bundle ? { alerts: answers } : (answers[0] as IntakeAnswer);
  }
}
