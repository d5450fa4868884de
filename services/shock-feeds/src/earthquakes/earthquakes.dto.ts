/** For the OpenAPI document; bodies are read by read-quakes.ts and read-survey.ts, which name every bad member at once. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class SurveyZoneRequest {
  @ApiProperty({
    oneOf: [{ type: 'integer', minimum: 1, maximum: 12 }, { type: 'string' }],
    description: 'Degree of intensity (烈度): 8 or Ⅷ',
    example: 'Ⅷ',
  })
  intensity!: number | string;

  @ApiPropertyOptional({ type: [String], description: 'Region codes', example: ['532922'] })
  regions?: string[];

  @ApiPropertyOptional({
    type: String,
    description: 'Townships or villages by name, as the notice lists them',
    example: '漾濞县苍山西镇、漾江镇；云龙县团结乡',
  })
  places?: string;

  @ApiPropertyOptional({ type: Object, description: 'GeoJSON Polygon or MultiPolygon, WGS84' })
  geometry?: object;
}

export class SurveyRequest {
  @ApiProperty({ type: [SurveyZoneRequest] })
  zones!: SurveyZoneRequest[];

  @ApiProperty({ type: String, description: 'Who surveyed', example: '中国地震局烈度图' })
  source!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2021-05-25T18:00:00+08:00' })
  surveyedAt!: string;
}

/** A Feature as the USGS gives it. */
export const quakeFeatureExample = {
  type: 'Feature',
  id: 'cc20210521214834',
  properties: {
    mag: 6.4,
    magType: 'Ms',
    place: '云南大理州漾濞县',
    time: 1621604914000,
    updated: 1621605600000,
    status: 'reviewed',
    type: 'earthquake',
    net: 'cc',
  },
  geometry: { type: 'Point', coordinates: [99.87, 25.67, 8] },
};
