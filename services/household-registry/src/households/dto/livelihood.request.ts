import { ApiProperty } from '@nestjs/swagger';
import { MayBeAbsent } from '@fangpin/service-kit';
import { IsInt, IsNumber, IsString, Max, MaxLength, Min } from 'class-validator';

/** One thing that a household lives on. Exactly one of `mu`, `heads` and `persons` is given, the one that fits the product. */
export class LivelihoodRequest {
  @ApiProperty({ example: 'rice', description: 'Product by key or Chinese name: `pig`, `生猪`, `construction` …' })
  @IsString()
  @MaxLength(40)
  product!: string;

  @ApiProperty({
    required: false,
    description: "Where the land, pen or workplace is; the household's village if not told",
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(15)
  place?: string;

  @ApiProperty({ required: false, example: 2.5, description: 'Crops: area in mu, to the hundredth' })
  @MayBeAbsent()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(10_000)
  mu?: number;

  @ApiProperty({ required: false, example: 4, description: 'Animals: heads kept' })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(100_000)
  heads?: number;

  @ApiProperty({ required: false, example: 1, description: 'Jobs: members who work there' })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(50)
  persons?: number;

  @ApiProperty({
    required: false,
    example: '91441900FPDEM0001X',
    description:
      'Jobs: 统一社会信用代码 of the employer, 18 characters with check digit (GB 32100-2015); absent where not known',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(18)
  employer?: string;
}
