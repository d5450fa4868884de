import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { NotFound, parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import { childrenOf, findRegion, fullName, type Region } from '@fangpin/regions';
import { Access, roles } from '@fangpin/service-kit';

export class RegionResponse {
  @ApiProperty({ example: '532327' })
  code!: string;

  @ApiProperty({ example: '永仁县' })
  name!: string;

  @ApiProperty({ example: '云南省楚雄彝族自治州永仁县' })
  fullName!: string;

  @ApiProperty({ enum: ['country', 'province', 'prefecture', 'county', 'township', 'village', 'group'] })
  level!: string;

  @ApiProperty({ required: false, example: '5323' })
  parent?: string;
}

export class RegionList {
  @ApiProperty({ type: [RegionResponse] })
  items!: RegionResponse[];

  @ApiProperty({ type: String, nullable: true, description: 'Always null: an area has few areas below it' })
  nextCursor!: string | null;
}

/** Names and kinship of administrative divisions. Published lists, so no scope: everybody signed in may read all. */
@ApiTags('regions')
@Controller('v1/regions')
@Access(...roles)
export class RegionsController {
  @Get(':code')
  @ApiOperation({ summary: 'An area by its code' })
  @ApiOkResponse({ type: RegionResponse })
  get(@Param('code') code: string): RegionResponse {
    return show(known(code));
  }

  @Get(':code/children')
  @ApiOperation({ summary: 'The areas one level below' })
  @ApiOkResponse({ type: RegionList })
  children(@Param('code') code: string): RegionList {
    return { items: childrenOf(known(code).code).map(show), nextCursor: null };
  }
}

function known(text: string): Region {
  const code: RegionCode = parseRegionCode(text, 'code');
  const region = findRegion(code);
  if (region === undefined) throw new NotFound('region', code);
  return region;
}

function show({ code, name, level, parent }: Region): RegionResponse {
  return { code, name, fullName: fullName(code) ?? name, level, ...(parent === undefined ? {} : { parent }) };
}
