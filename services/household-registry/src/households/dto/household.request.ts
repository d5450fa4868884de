import { ApiProperty, PartialType } from '@nestjs/swagger';
import { IsNoIdNumber, MayBeAbsent } from '@fangpin/service-kit';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import {
  dwellingGrades,
  householdGroups,
  householdStates,
  monitoringStates,
  type DwellingGrade,
  type HouseholdGroup,
  type HouseholdState,
  type MonitoringState,
} from '../codes.js';
import { MAX_LIVELIHOODS, MAX_MEMBERS } from '../household-rules.js';
import { LivelihoodRequest } from './livelihood.request.js';
import { MemberRequest } from './member.request.js';

/** What people edit of a household. */
export class HouseholdBody {
  @ApiProperty({
    example: '532327101201',
    description: 'Village (12 digits), or a group or resettlement site in one (15)',
  })
  @IsString()
  @MaxLength(15)
  villageCode!: string;

  @ApiProperty({ required: false, enum: householdGroups.words, default: 'ordinary', description: '一般农户 or 脱贫户' })
  @IsIn(householdGroups.words)
  group!: HouseholdGroup;

  @ApiProperty({ required: false, enum: monitoringStates.words, default: 'none', description: '监测对象' })
  @IsIn(monitoringStates.words)
  monitoring!: MonitoringState;

  @ApiProperty({
    required: false,
    format: 'date',
    example: '2026-05-20',
    description:
      'Day (Beijing) since when `monitoring` is what it is, such as the day of 风险消除 (its first, where only the month is known): not in the ' +
      'future, not before monitoring began (March 2020), and of a change not before the day of the status that it ends. Not told, a change ' +
      'counts from today, and of a household that is registered with its status the day is not known. Told without a change of `monitoring`, ' +
      'it corrects the day',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(10)
  monitoringSince?: string;

  @ApiProperty({ required: false, enum: dwellingGrades.words, default: 'unknown', description: '危房等级' })
  @IsIn(dwellingGrades.words)
  dwelling!: DwellingGrade;

  @ApiProperty({ required: false, default: true, description: "Whether the dwelling is the household's only one" })
  @IsBoolean()
  onlyDwelling!: boolean;

  @ApiProperty({
    required: false,
    default: '',
    description: 'Code of the water scheme that serves the household; empty where unknown',
  })
  @IsString()
  @Matches(/^[A-Za-z0-9-]{0,32}$/, { message: 'must be a code of up to 32 letters, digits and hyphens' })
  waterScheme!: string;

  @ApiProperty({ required: false, description: 'Place of origin of a relocated household' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(15)
  origin?: string;

  @ApiProperty({ type: [MemberRequest] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_MEMBERS)
  @ValidateNested({ each: true })
  @Type(() => MemberRequest)
  members!: MemberRequest[];

  @ApiProperty({ required: false, type: [LivelihoodRequest], description: 'None when not told' })
  @IsArray()
  @ArrayMaxSize(MAX_LIVELIHOODS)
  @ValidateNested({ each: true })
  @Type(() => LivelihoodRequest)
  livelihoods!: LivelihoodRequest[];
}

export class RegisterHouseholdRequest extends HouseholdBody {
  override group: HouseholdGroup = 'ordinary';
  override monitoring: MonitoringState = 'none';
  override dwelling: DwellingGrade = 'unknown';
  override onlyDwelling: boolean = true;
  override waterScheme: string = '';
  override livelihoods: LivelihoodRequest[] = [];

  @ApiProperty({ required: false, description: "The sender's stable key; a repeat answers the household it made" })
  @MayBeAbsent()
  @IsString()
  @Matches(/^[\w:.-]{1,80}$/, { message: 'must be 1 to 80 letters, digits and : . _ -' })
  @IsNoIdNumber()
  sourceKey?: string;
}

/** Only what is given changes; `members` and `livelihoods` are replaced whole. */
export class ChangeHouseholdRequest extends PartialType(HouseholdBody, { skipNullProperties: false }) {
  @ApiProperty({ enum: householdStates.words, required: false, description: 'Leaving, dissolving, coming back' })
  @MayBeAbsent()
  @IsIn(householdStates.words)
  state?: HouseholdState;
}
