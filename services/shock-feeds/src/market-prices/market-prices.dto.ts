import { ApiProperty, PickType } from '@nestjs/swagger';
import { shockStates } from '../shocks/shock.js';
import { markNames } from './price-marks.js';
import { rowFields } from './price-row.js';

export class PriceRowRequest {
  @ApiProperty({ example: '生猪', type: String })
  product!: string;

  @ApiProperty({
    example: '全国',
    type: String,
    description: '全国, a province, prefecture or county, or a market place',
  })
  market!: string;

  @ApiProperty({ example: '元/公斤', type: String })
  unit!: string;

  @ApiProperty({ example: '2021-10-10', type: String })
  date!: string;

  @ApiProperty({ example: '10.93', oneOf: [{ type: 'number' }, { type: 'string' }] })
  price!: number | string;
}

export class MarketPricesRequest {
  @ApiProperty({ type: [PriceRowRequest] })
  rows!: PriceRowRequest[];
}

export class RowProblemResponse {
  @ApiProperty({ type: 'integer', description: 'Position among the data rows, from 1' })
  row!: number;

  @ApiProperty({ enum: rowFields })
  field!: string;

  @ApiProperty({ nullable: true, type: Object })
  value!: unknown;

  @ApiProperty({ type: String })
  rule!: string;
}

export class PriceShockResponse {
  @ApiProperty({ type: String, format: 'uuid' })
  shockId!: string;

  @ApiProperty({ type: String })
  product!: string;

  @ApiProperty({ enum: shockStates })
  state!: string;

  @ApiProperty({ type: String, format: 'date', description: 'First day past the mark' })
  from!: string;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'Day on which it was over; null while open',
  })
  to!: string | null;
}

export class PriceMarkResponse {
  @ApiProperty({ type: String, example: '生猪' })
  product!: string;

  @ApiProperty({ type: String, example: '全国' })
  market!: string;

  @ApiProperty({ type: String, format: 'date' })
  date!: string;

  @ApiProperty({
    enum: markNames,
    description: 'several: differing rows for the day; gap: no price for long before it; outlier: does not count yet',
  })
  mark!: string;

  @ApiProperty({ type: String, example: '此前35天没有报价，间断前后不连续计算' })
  text!: string;
}

export class MarketPricesResponse {
  @ApiProperty({ type: 'integer' })
  rows!: number;

  @ApiProperty({ type: 'integer' })
  accepted!: number;

  @ApiProperty({ type: 'integer' })
  rejected!: number;

  @ApiProperty({ type: [RowProblemResponse] })
  errors!: RowProblemResponse[];

  @ApiProperty({ type: [PriceShockResponse] })
  shocks!: PriceShockResponse[];

  @ApiProperty({ type: [PriceMarkResponse], description: 'What the days of the rows show in their series' })
  marks!: PriceMarkResponse[];
}

export class MarkOfDayResponse extends PickType(PriceMarkResponse, ['mark', 'text']) {}

export class PriceOfDayResponse {
  @ApiProperty({ type: String, format: 'date' })
  date!: string;

  @ApiProperty({ example: 1092.86, description: 'Fen per kilogram' })
  fenPerKg!: number;

  @ApiProperty({ type: [MarkOfDayResponse] })
  marks!: MarkOfDayResponse[];
}

export class PriceSeriesResponse {
  @ApiProperty({ type: String, example: '生猪' })
  product!: string;

  @ApiProperty({ type: String, example: '全国' })
  market!: string;

  @ApiProperty({ type: [PriceOfDayResponse] })
  prices!: PriceOfDayResponse[];
}
