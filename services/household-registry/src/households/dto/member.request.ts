import { ApiProperty } from '@nestjs/swagger';
import { MayBeAbsent } from '@fangpin/service-kit';
import { IsBoolean, IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import {
  labourAbilities,
  relations,
  schoolings,
  sexes,
  type LabourAbility,
  type Relation,
  type Schooling,
  type Sex,
} from '../codes.js';

/** One member; no name, no phone. An ID number is hashed on arrival and never shown. */
export class MemberRequest {
  @ApiProperty({ type: 'integer', description: '出生年份', example: 1984 })
  @IsInt()
  birthYear!: number;

  @ApiProperty({ enum: sexes.words })
  @IsIn(sexes.words)
  sex!: Sex;

  @ApiProperty({ enum: relations.words, description: '与户主关系; exactly one head a household' })
  @IsIn(relations.words)
  relation!: Relation;

  @ApiProperty({ enum: labourAbilities.words, description: '劳动技能 (100A14)' })
  @IsIn(labourAbilities.words)
  labour!: LabourAbility;

  @ApiProperty({
    required: false,
    enum: schoolings.words,
    default: 'none',
    description: '在校生状况 (100A12), by stage',
  })
  @IsIn(schoolings.words)
  schooling: Schooling = 'none';

  @ApiProperty({ required: false, default: false, description: '长期慢性病' })
  @IsBoolean()
  chronic: boolean = false;

  @ApiProperty({ required: false, default: false, description: '患有大病' })
  @IsBoolean()
  majorIllness: boolean = false;

  @ApiProperty({
    required: false,
    default: 0,
    minimum: 0,
    maximum: 4,
    description: 'Grade of the disability certificate; 0 without one',
  })
  @IsInt()
  @Min(0)
  @Max(4)
  disabilityGrade: number = 0;

  @ApiProperty({
    required: false,
    default: 0,
    minimum: 0,
    maximum: 12,
    description: '务工时长: months of work away from home in a year',
  })
  @IsInt()
  @Min(0)
  @Max(12)
  workMonths: number = 0;

  @ApiProperty({ required: false, example: 'construction', description: 'Branch of that work, by key or Chinese name' })
  @MayBeAbsent()
  @IsString()
  workBranch?: string;

  @ApiProperty({
    required: false,
    format: 'date',
    example: '2026-05-20',
    description:
      'First day (Beijing) on which the member belonged to this household: of a marriage or a split its day; of somebody who stood in a wrong ' +
      'household the day from which this one is right, and findings of departments from that day on follow. Not in the future, not before the ' +
      'year of birth. Not told, it stays as it was for a member who stays, and is not known of others',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(10)
  since?: string;

  @ApiProperty({
    required: false,
    writeOnly: true,
    example: '11010519491231002X',
    description:
      '公民身份号码, or a disability certificate number that begins with it. Only its keyed hash is kept; answers never show it. In a ' +
      'change it may be left out: a member who is alone in birth year, sex and relation stays who it was',
  })
  @MayBeAbsent()
  @IsString()
  idNumber?: string;
}
