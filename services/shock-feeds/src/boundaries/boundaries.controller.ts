import { Body, Controller, Get, HttpCode, Put, Query } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBody,
  ApiConsumes,
  ApiForbiddenResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPayloadTooLargeResponse,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { parseRegionCode } from '@fangpin/domain-kit';
import { Access, CurrentCaller, type Caller } from '@fangpin/service-kit';
import { readers } from '../intake/callers.js';
import { LoadedBoundariesResponse, StoredBoundariesResponse } from './boundaries.dto.js';
import { ReadLoadedBoundaries, type LoadedBoundaries } from './loaded-boundaries.js';
import { PutBoundaries, type StoredBoundaries } from './put-boundaries.js';
import { readGeoJson } from './read-geojson.js';

const NO_SOURCE = 'not stated';

@ApiTags('regions')
@Controller('v1/regions/boundaries')
export class BoundariesController {
  constructor(
    private readonly boundaries: PutBoundaries,
    private readonly loaded: ReadLoadedBoundaries,
  ) {}

  @Put()
  @HttpCode(200)
  @Access('operator', 'county-officer')
  @ApiOperation({
    summary: 'Load boundaries or positions of regions',
    description:
      'GeoJSON (RFC 7946, WGS84) with features keyed by region code: `id`, or a property `code`, `adcode`, `region`, ' +
      '`regionCode` or `code12`; codes padded with zeros name the higher area; any level down to a village group. Polygon and ' +
      'MultiPolygon are boundaries; a Point is a position only. Regions outside the file keep what they have, and the ' +
      'same file again changes nothing. Features that cannot be used are rejected by name, the others stored. Messages in ' +
      'quarantine for want of boundaries are judged again. At most 100,000 points a feature, 100,000 regions and ' +
      '2,000,000 points in all.',
  })
  @ApiConsumes('application/geo+json', 'application/json')
  @ApiQuery({ name: 'source', required: false, description: 'Where the boundaries come from, for the record' })
  @ApiBody({
    schema: {
      type: 'object',
      example: {
        type: 'Feature',
        id: '532327000000',
        properties: { name: '永仁县' },
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [101.2, 25.9],
              [101.8, 25.9],
              [101.8, 26.5],
              [101.2, 26.5],
              [101.2, 25.9],
            ],
          ],
        },
      },
    },
  })
  @ApiOkResponse({ type: StoredBoundariesResponse })
  @ApiBadRequestResponse({ description: 'No GeoJSON, or no feature that can be used; each named' })
  @ApiForbiddenResponse({ description: 'A region outside the caller’s area; nothing is stored' })
  @ApiPayloadTooLargeResponse({ description: 'Over 16 MiB, or more than may be loaded in all' })
  put(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Query('source') source: string | string[] | undefined,
  ): Promise<StoredBoundaries> {
    return this.boundaries.put(readGeoJson(body), String(source ?? NO_SOURCE), caller);
  }

  @Get()
  @Access(...readers)
  @ApiOperation({ summary: 'Which boundaries are loaded, by level' })
  @ApiQuery({ name: 'region', required: false, description: 'Region code; the whole country where none is given' })
  @ApiOkResponse({ type: LoadedBoundariesResponse })
  get(@Query('region') region: string | string[] | undefined): Promise<LoadedBoundaries> {
    return this.loaded.of(parseRegionCode(String(region ?? '00')));
  }
}
