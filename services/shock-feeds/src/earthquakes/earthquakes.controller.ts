import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiBody,
  ApiConflictResponse,
  ApiConsumes,
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
import { IntakeResponse } from '../intake/intake.response.js';
import { quakeFeatureExample, SurveyRequest } from './earthquakes.dto.js';
import { TakeQuakes } from './take-quakes.js';
import { TakeSurvey } from './take-survey.js';

const JSON_TYPES = /^application\/(?:geo\+)?json\b/i;

@ApiTags('shocks')
@Controller('v1/shocks')
export class EarthquakesController {
  constructor(
    private readonly quakes: TakeQuakes,
    private readonly surveys: TakeSurvey,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('earthquakes')
  @HttpCode(202)
  @Access(...posters)
  @ApiOperation({
    summary: 'Take an earthquake, or a collection of them',
    description:
      'GeoJSON Feature with the fields of the USGS; times in milliseconds. Magnitude and depth give the intensity by ' +
      'distance (policy `quake-attenuation`), at the finest areas whose positions are loaded, counties at least. Areas from ' +
      '`quake-level` on are shaken; a quake that shakes none is `recorded`. A later `updated` is an update; ' +
      '`status: deleted`, or another type than earthquake, calls off. A FeatureCollection is answered `{alerts:[…]}`, one ' +
      'answer each; in one a feature that cannot be read is `quarantined`.',
  })
  @ApiConsumes('application/json', 'application/geo+json')
  @ApiBody({ schema: { type: 'object', example: quakeFeatureExample } })
  @ApiHeader({ name: 'x-fangpin-as-of', required: false, description: 'Replay time, as `asOf`' })
  @ApiQuery({ name: 'asOf', required: false, description: 'Replay time (RFC 3339; operators only)' })
  @ApiAcceptedResponse({ type: IntakeResponse })
  @ApiBadRequestResponse({ description: 'No Feature or FeatureCollection, or bad fields (all named)' })
  async post(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Headers('content-type') contentType: string | undefined,
    @Headers('x-fangpin-as-of') asOfHeader: string | undefined,
    @Query('asOf') asOf: string | string[] | undefined,
  ): Promise<IntakeAnswer | { alerts: readonly IntakeAnswer[] }> {
    if (!JSON_TYPES.test(contentType ?? '')) throw new WrongContentType(['application/json', 'application/geo+json']);
    const received = receivedFrom(caller, this.clock, String(asOf ?? asOfHeader ?? ''));
    const { collection, answers } = await this.quakes.take(body, received);
    return collection ? { alerts: answers } : (answers[0] as IntakeAnswer);
  }

  @Post(':id/intensity-zones')
  @HttpCode(202)
  @Access(...posters)
  @ApiOperation({
    summary: 'Take surveyed intensity zones of an earthquake',
    description:
      'They take the place of the computed ones, and later revisions of the catalogue leave them. Zones are given by ' +
      'region codes, by names of townships or by an outline; each region has the highest degree that it is given, and a ' +
      'township its own within its county. Names that are not known are told in `problems`, the rest is taken. All of the areas ' +
      'that the earthquake has so far must lie in the area of the caller (403), because the zones take their place.',
  })
  @ApiHeader({ name: 'x-fangpin-as-of', required: false, description: 'Replay time, as `asOf`' })
  @ApiQuery({ name: 'asOf', required: false, description: 'Replay time (RFC 3339; operators only)' })
  @ApiBody({ type: SurveyRequest })
  @ApiAcceptedResponse({ type: IntakeResponse })
  @ApiBadRequestResponse({ description: 'Bad fields (all named), or not one place that is known' })
  @ApiConflictResponse({ description: 'The shock is no earthquake' })
  async survey(
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Headers('x-fangpin-as-of') asOfHeader: string | undefined,
    @Query('asOf') asOf: string | string[] | undefined,
  ): Promise<IntakeAnswer> {
    if (Buffer.isBuffer(body)) throw new WrongContentType(['application/json']);
    return this.surveys.take(id, body, caller, receivedFrom(caller, this.clock, String(asOf ?? asOfHeader ?? '')));
  }
}
