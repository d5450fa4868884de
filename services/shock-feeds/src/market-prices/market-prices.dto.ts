import { ApiProperty } from '@nestjs/swagger';
import { shockStates } from '../shocks/shock.js';
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
}
