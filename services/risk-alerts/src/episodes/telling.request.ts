import { ApiProperty } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';

export const tellingWays = ['visit', 'phone', 'village-board', 'message'] as const;
export type TellingWay = (typeof tellingWays)[number];

/** That a household was told. Who told is the caller; what was told is what the episodes say. */
export class TellingRequest {
  @ApiProperty({ format: 'date', description: 'Day on which it was told; not in the future', example: '2026-07-20' })
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'on must be a day such as 2026-07-20' })
  on!: string;

  @ApiProperty({ enum: tellingWays, example: 'visit' })
  @IsIn(tellingWays)
  how!: TellingWay;
}

export class ToldEpisode {
  @ApiProperty({ example: '1204.price-fall.1' }) id!: string;
  @ApiProperty({ description: 'What was told, as it stood on that day; 0 that it was withdrawn', example: 3 })
  severity!: number;
  @ApiProperty({ description: 'False where this telling had been recorded before' }) recorded!: boolean;
}

export class TellingResponse {
  @ApiProperty({ type: 'integer', example: 1204 }) householdId!: number;
  @ApiProperty({ format: 'date' }) on!: string;
  @ApiProperty({ enum: tellingWays }) how!: TellingWay;
  @ApiProperty({ example: 'helper' }) byRole!: string;
  @ApiProperty({ type: [ToldEpisode] }) episodes!: ToldEpisode[];
  @ApiProperty({
    type: 'integer',
    description: 'How often the household was told on that day; the same again by the same way and role is not counted',
    example: 1,
  })
  tellingsOfDay!: number;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'Until then no list asks to tell this household anything more, unless it is graver than all that it was told that day',
  })
  quietUntil!: string | null;
}
