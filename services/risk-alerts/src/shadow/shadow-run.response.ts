import { PageQuery } from '@fangpin/service-kit';
import type { Lane, PolicyDifference } from '@fangpin/policy';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, IsUUID } from 'class-validator';
import { PolicyDifferenceResponse } from '../simulations/sample.response.js';
import type { ShadowProblem } from './shadow-policy.js';
import { DifferenceFigures, SimulatedFigures, UnjudgedPlaceResponse } from '../simulations/simulation.response.js';

export class ShadowRunsQuery extends PageQuery {
  @ApiPropertyOptional({ description: "Area, within the caller's; the caller's own when absent", example: '532327' })
  @IsOptional()
  @IsString()
  region?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  shockId?: string;
}

export class ShadowPolicies {
  @ApiProperty({ description: 'The version that alerts were raised under', example: '1f0c2ab3d4e5' })
  live!: string;
  @ApiProperty({ example: '9a7b63c0d2e1' })
  shadow!: string;
  @ApiProperty({ type: [PolicyDifferenceResponse], description: 'Records that differ, with both values' })
  changed!: PolicyDifference[];
}

export class ShadowFigures {
  @ApiProperty({
    type: SimulatedFigures,
    description: 'Under the live policy, of the households as the run found them',
  })
  live!: SimulatedFigures;
  @ApiProperty({ type: SimulatedFigures })
  shadow!: SimulatedFigures;
  @ApiProperty({ type: DifferenceFigures })
  differs!: DifferenceFigures;
}

export class ShadowTownship extends ShadowFigures {
  @ApiProperty({ example: '532327101' })
  region!: string;
  @ApiProperty({ example: '永定镇' })
  name!: string;
}

export class ShadowRunResponse extends ShadowFigures {
  @ApiProperty({ example: '12' })
  id!: string;
  @ApiProperty({ format: 'uuid' })
  shockId!: string;
  @ApiProperty({ description: 'Revision of the shock', example: 1099511627777 })
  revision!: number;
  @ApiProperty({ example: 'crop-disaster' })
  cause!: string;
  @ApiProperty({ example: 'hail' })
  kind!: string;
  @ApiProperty({ example: '永仁县冰雹灾情' })
  headline!: string;
  @ApiProperty({ example: '2026-07-18' })
  judgedOn!: string;
  @ApiProperty({
    enum: ['waiting', 'done', 'failed'],
    description: 'Figures are zero until it is done; failed after five tries, with `lastError`',
  })
  state!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Of the last try that failed',
    example: 'canceling statement due to statement timeout',
  })
  lastError!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null until it is done' })
  ranAt!: string | null;
  @ApiProperty({ type: ShadowPolicies })
  policy!: ShadowPolicies;
  @ApiProperty({ type: [ShadowTownship] })
  townships!: ShadowTownship[];
  @ApiProperty({
    type: [UnjudgedPlaceResponse],
    description:
      'Townships in which one of the two policies, or both, could not judge some households, with the reason',
  })
  unjudgedIn!: UnjudgedPlaceResponse[];
}

export class OnlyShadowShock {
  @ApiProperty({ format: 'uuid' })
  shockId!: string;
  @ApiProperty({ enum: ['recorded', 'notice'], description: 'Under the live policy' })
  lane!: Lane;
  @ApiProperty({ example: 'hail' })
  kind!: string;
  @ApiProperty({ example: '永仁县冰雹橙色预警' })
  headline!: string;
  @ApiProperty({ example: '2026-07-18' })
  judgedOn!: string;
}

export class OnlyShadowShocks {
  @ApiProperty({ example: 3 })
  count!: number;
  @ApiProperty({
    type: [OnlyShadowShock],
    description:
      'At most the last twenty; `POST /v1/simulations` with `shockId` and the values counts their households',
  })
  shocks!: OnlyShadowShock[];
}

export class ShadowProblemResponse implements ShadowProblem {
  @ApiProperty({ enum: ['SHADOW.UNUSABLE', 'SHADOW.IS_LIVE'] })
  code!: ShadowProblem['code'];
  @ApiProperty({ example: '试行的政策记录有误或读不到，没有试行；现行政策照常运行。改正后重新启动风险预警服务即可' })
  text!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Every fault with file and record',
    example: 'triage.json[0]: value.caseFrom must not be below value.alertFrom',
  })
  error!: string | null;
}

export class ShadowRunPage {
  @ApiProperty({ type: [ShadowProblemResponse], description: 'Why no shadow policy runs although one is set' })
  problems!: readonly ShadowProblem[];

  @ApiProperty({
    type: OnlyShadowShocks,
    nullable: true,
    description:
      'Shocks of the area about which only the shadow policy would alert, since it is known here; null where none is set, on later pages, and in the runs of one shock',
  })
  onlyShadow!: OnlyShadowShocks | null;

  @ApiProperty({ type: [ShadowRunResponse] })
  items!: ShadowRunResponse[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
