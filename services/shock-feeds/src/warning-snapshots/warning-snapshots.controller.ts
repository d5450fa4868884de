import { Body, Controller, Headers, HttpCode, Inject, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { InvalidValue, type Clock } from '@fangpin/domain-kit';
import { Access, CLOCK, CurrentCaller, type Caller } from '@fangpin/service-kit';
import { WrongContentType } from '../intake/bodies.js';
import { posters, receivedFrom } from '../intake/callers.js';
import { TakeSnapshot, type SnapshotAnswer } from './take-snapshot.js';
import { ListedWarningRequest, WarningSnapshotRequest, WarningSnapshotResponse } from './warning-snapshots.dto.js';

export const DEFAULT_FEED = 'default';
const FEED = /^[a-z0-9][a-z0-9._-]{0,63}$/;

@ApiTags('shocks')
@ApiExtraModels(ListedWarningRequest)
@Controller('v1/shocks/warning-snapshots')
export class WarningSnapshotsController {
  constructor(
    private readonly snapshots: TakeSnapshot,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(202)
  @Access(...posters)
  @ApiOperation({
    summary: 'Take a list of all warnings now in force',
    description:
      'The difference from the last list of the feed decides: by county code and type a warning is new, kept (same colour and ' +
      'time of issue), replaced or ended. Counts are over the list as sent, unknown codes, unknown types and past expiry ' +
      'included; these are named in `problems`. A list older than the last, or nine tenths smaller, is held back with zero ' +
      'counts; lists that stay so small for six hours are believed. The same `updated` again is all kept. Each warning is ' +
      'judged at the time of its list; one that is over at receipt, or at the replay time, is recorded as history. Unknown ' +
      'members are ignored; at most 20,000 warnings.',
  })
  @ApiBody({ type: WarningSnapshotRequest })
  @ApiHeader({ name: 'x-fangpin-as-of', required: false, description: 'Replay time, as `asOf`' })
  @ApiQuery({ name: 'asOf', required: false, description: 'Replay time (RFC 3339; operators only)' })
  @ApiQuery({
    name: 'feed',
    required: false,
    schema: { type: 'string', pattern: FEED.source, default: DEFAULT_FEED },
    description: 'Keeps several relays apart: each list is compared with the last of its own feed',
  })
  @ApiAcceptedResponse({ type: WarningSnapshotResponse })
  @ApiBadRequestResponse({
    description:
      'No object, `updated` missing or over an hour ahead, `warnings` no lists by code, no member with a type',
  })
  async post(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Headers('x-fangpin-as-of') asOfHeader: string | undefined,
    @Query('asOf') asOf: string | string[] | undefined,
    @Query('feed') feed: string | string[] | undefined,
  ): Promise<SnapshotAnswer> {
    if (Buffer.isBuffer(body)) throw new WrongContentType(['application/json']);
    const received = receivedFrom(caller, this.clock, String(asOf ?? asOfHeader ?? ''));
    return this.snapshots.take(body, readFeed(feed), received);
  }
}

function readFeed(feed: string | string[] | undefined): string {
  if (feed === undefined || feed === '') return DEFAULT_FEED;
  if (typeof feed === 'string' && FEED.test(feed)) return feed;
  throw new InvalidValue('feed', String(feed).slice(0, 100), 'must be a name of lower-case letters, digits, . _ and -');
}
