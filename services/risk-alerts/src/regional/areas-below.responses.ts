import { ApiProperty } from '@nestjs/swagger';

export class RegionalLimit {
  @ApiProperty({ description: 'Opens at so many or more', example: 160 })
  open!: number;
  @ApiProperty({ description: 'Eases below', example: 96 })
  ease!: number;
}

export class RegionalCarriers {
  @ApiProperty({
    description: 'So many areas below must carry the households, or else enough of them be warned of',
    example: 2,
  })
  atLeastParts!: number;
  @ApiProperty({ description: 'Areas below at their limit or over it, when it was judged', example: 3 })
  carrying!: number;
  @ApiProperty({
    description: 'Areas below that have not fallen below their lower limit; the warning holds while enough have not',
    example: 4,
  })
  holding!: number;
}

export class AreaNotHeld {
  @ApiProperty({ example: '5329' })
  region!: string;
  @ApiProperty({ example: '大理白族自治州' })
  name!: string;
}

export class AreaBelow {
  @ApiProperty({ example: '532327' })
  region!: string;
  @ApiProperty({ example: '永仁县' })
  name!: string;
  @ApiProperty({
    enum: ['county', 'prefecture'],
    description: 'Below a province: a prefecture, or a county directly under it',
  })
  level!: string;
  @ApiProperty({ description: 'Distinct households at risk by the rule', example: 620 })
  households!: number;
  @ApiProperty({ description: 'Active households', example: 31200 })
  ofHouseholds!: number;
  @ApiProperty({ example: 0.0199 })
  share!: number;
  @ApiProperty({ description: 'Whether it carries the warning: as many households as `limit.open`', example: true })
  carries!: boolean;
  @ApiProperty({ type: RegionalLimit })
  limit!: RegionalLimit;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '532327.product.100',
    description: 'The same warning of that area; null where it never opened',
  })
  warningId!: string | null;
  @ApiProperty({ type: String, enum: ['open', 'eased', 'ended', null], nullable: true })
  state!: string | null;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 90,
    description: 'Days back within which alerts counted there; null without any',
  })
  withinDays!: number | null;
  @ApiProperty({ description: 'Counties of it that are held here', example: 1 })
  counties!: number;
  @ApiProperty({
    format: 'date-time',
    description: 'When its households were counted; of several counties the earliest',
  })
  asOf!: string;
}

export class AreasBelow {
  @ApiProperty({ description: 'Areas one level below that were counted', example: 2 })
  counted!: number;
  @ApiProperty({ description: 'Areas one level below in the lists of divisions', example: 10 })
  listed!: number;
  @ApiProperty({
    type: [AreaNotHeld],
    description: 'Those of the lists of which this deployment holds no household: they are not counted',
  })
  notHeld!: AreaNotHeld[];
  @ApiProperty({
    type: [AreaBelow],
    description: 'Those counted, the largest share first, as the last look at each has it',
  })
  areas!: AreaBelow[];
}
