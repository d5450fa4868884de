import { ApiProperty } from '@nestjs/swagger';
import { dwellingGrades, householdGroups, householdStates, monitoringStates } from '../codes.js';
import { MemberRequest } from './member.request.js';

export class LivelihoodResponse {
  @ApiProperty({ example: 'rice' })
  product!: string;

  @ApiProperty({ example: '水稻' })
  name!: string;

  @ApiProperty({ enum: ['crop', 'animal', 'job'] })
  kind!: string;

  @ApiProperty({ example: '532327101201' })
  place!: string;

  @ApiProperty({ required: false, description: 'Crops only' })
  mu?: number;

  @ApiProperty({ required: false, description: 'Animals only' })
  heads?: number;

  @ApiProperty({ required: false, description: 'Jobs only' })
  persons?: number;

  @ApiProperty({
    required: false,
    example: '91441900FPDEM0001X',
    description: 'Jobs only: 统一社会信用代码 of the employer',
  })
  employer?: string;
}

export class HouseholdResponse {
  @ApiProperty({ type: 'integer', example: 4711 })
  id!: number;

  @ApiProperty({ description: 'As in the ETag header, for If-Match' })
  etag!: string;

  @ApiProperty({ example: '532327101201' })
  villageCode!: string;

  @ApiProperty({ example: '云南省楚雄彝族自治州永仁县永定镇大坝村民委员会' })
  villageName!: string;

  @ApiProperty({ enum: householdStates.words })
  state!: string;

  @ApiProperty({ enum: householdGroups.words })
  group!: string;

  @ApiProperty({ enum: monitoringStates.words })
  monitoring!: string;

  @ApiProperty({
    required: false,
    format: 'date',
    example: '2026-05-20',
    description: 'Day (Beijing) since when `monitoring` is what it is; absent where nobody has said',
  })
  monitoringSince?: string;

  @ApiProperty({ enum: dwellingGrades.words })
  dwelling!: string;

  @ApiProperty()
  onlyDwelling!: boolean;

  @ApiProperty()
  waterScheme!: string;

  @ApiProperty({ required: false })
  origin?: string;

  @ApiProperty()
  persons!: number;

  @ApiProperty({ description: 'Members who can work' })
  labourers!: number;

  @ApiProperty({ type: [MemberRequest] })
  members!: MemberRequest[];

  @ApiProperty({ type: [LivelihoodResponse] })
  livelihoods!: LivelihoodResponse[];

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;
}

export class HouseholdPage {
  @ApiProperty({ type: [HouseholdResponse] })
  items!: HouseholdResponse[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

/** Ids and codes only: this answer is kept for repeats of the request. */
export class HouseholdRegistered {
  @ApiProperty({ type: 'integer', example: 4711 })
  id!: number;

  @ApiProperty()
  etag!: string;

  @ApiProperty({ example: '532327101201' })
  villageCode!: string;

  @ApiProperty({ enum: householdStates.words })
  state!: string;
}
