import type { Lane, PolicyDifference } from '@fangpin/policy';
import { ApiProperty } from '@nestjs/swagger';
import type { Difference } from './difference.js';
import type { Figures } from './figures.js';
import type { SampledHousehold } from './sample.js';
import { PolicyDifferenceResponse, SampledHouseholdResponse } from './sample.response.js';

/** Sums of each household's own range, which never comes true of all at once: no range of the area's loss. */
export class LossSum {
  @ApiProperty({ description: 'Sum of the mildest case of each household, fen', example: 81_200_000 })
  low!: number;
  @ApiProperty({ description: 'Sum of what is expected of each household, fen', example: 143_000_000 })
  middle!: number;
  @ApiProperty({
    description:
      'Sum of the gravest case of each household, fen. A report that counts nine fallen houses may stand behind thousands of households, each of which may be one of them',
    example: 236_500_000,
  })
  high!: number;
}

export class TriageFigures {
  @ApiProperty({ description: 'Alerts of the top band: a case each, opened or attached', example: 320 })
  cases!: number;
  @ApiProperty({ description: "Alerts that go on the village's check list", example: 2480 })
  checkItems!: number;
  @ApiProperty({ description: 'Exposed households without an alert', example: 1521 })
  nothing!: number;
}

/** In households, of one shock each; of several shocks a household counts for each that touches it. */
export class SimulatedFigures {
  @ApiProperty({ description: 'Households for which the loss model gives a loss above zero', example: 4321 })
  exposed!: number;
  @ApiProperty({ example: 2800 })
  alerted!: number;
  @ApiProperty({ example: 1521 })
  withheld!: number;
  @ApiProperty({
    type: Object,
    description: '`lane`: the shock alerts nobody, as a forecast does; see `shocks[].lane`',
    example: { immaterial: 1200, 'income-well-above-line': 321 },
  })
  withheldBy!: Figures['withheldBy'];
  @ApiProperty({
    description:
      'Households for which policy lacks something that judging them takes, such as the monitoring line of the place (`unjudgedIn` says where and ' +
      'what): no value is made up. They count in nothing else, but where another effect of the same shock could be judged',
    example: 0,
  })
  unjudged!: number;
  @ApiProperty({ description: 'Of the alerted', example: { red: 320, orange: 800, yellow: 1000, blue: 680 } })
  severities!: Record<string, number>;
  @ApiProperty({ type: TriageFigures })
  triage!: TriageFigures;
  @ApiProperty({
    type: Object,
    description: 'monitored 监测对象, removed 风险消除, lifted-out 脱贫户, ordinary 一般农户, unknown',
    example: { ordinary: { exposed: 3000, alerted: 1900, cases: 180, checkItems: 1720 } },
  })
  householdTypes!: Figures['householdTypes'];
  @ApiProperty({ type: LossSum, description: 'Losses of all exposed households over twelve months, fen' })
  lossFen!: LossSum;
  @ApiProperty({ type: LossSum, description: 'Of the alerted ones, fen' })
  alertedLossFen!: LossSum;
}

/** Of households that both policies can judge, each as far as both do. */
export class DifferenceFigures {
  @ApiProperty({
    description:
      'Households with another alert, severity or step; each once. Nobody whom one of the two policies cannot judge is compared',
    example: 140,
  })
  households!: number;
  @ApiProperty({ example: 90 })
  newlyAlerted!: number;
  @ApiProperty({ example: 0 })
  noLongerAlerted!: number;
  @ApiProperty({ example: 50 })
  moreSevere!: number;
  @ApiProperty({ example: 0 })
  lessSevere!: number;
  @ApiProperty({ example: 45 })
  newCases!: number;
  @ApiProperty({ example: 0 })
  noLongerCases!: number;
}

export class Load {
  @ApiProperty({ example: 3 })
  caseworkers!: number;
  @ApiProperty({ description: 'Whether any of the numbers is assumed', example: true })
  assumed!: boolean;
  @ApiProperty({ description: 'Cases of the simulation for each of them', example: 13.67 })
  casesPerCaseworker!: number;
}

export class SimulatedTownship extends SimulatedFigures {
  @ApiProperty({ example: '532327101' })
  region!: string;
  @ApiProperty({ example: '永定镇' })
  name!: string;
  @ApiProperty({ type: Load })
  load!: Load;
  @ApiProperty({ type: DifferenceFigures, nullable: true })
  differs!: Difference | null;
}

export class UnjudgedPlaceResponse {
  @ApiProperty({ description: 'The township', example: '532327102' })
  region!: string;
  @ApiProperty({ example: '宜就镇' })
  name!: string;
  @ApiProperty({ description: 'Households that could not be judged for this reason', example: 86 })
  households!: number;
  @ApiProperty({ description: 'The policy that lacks it', example: '1f0c2ab3d4e5' })
  policyVersion!: string;
  @ApiProperty({ description: 'Key of the record that is missing', example: 'monitoring-line' })
  key!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Its subject, for keys that have some', example: null })
  subject!: string | null;
  @ApiProperty({ enum: ['POLICY.NONE'] })
  code!: string;
  @ApiProperty({ example: '当地2026-07-18的监测线还没有定，收入这一项无法比较，这些户没有测算' })
  text!: string;
}

export class SimulatedShockResponse {
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Null for a made-up shock' })
  shockId!: string | null;
  @ApiProperty({ example: 'price-fall' })
  kind!: string;
  @ApiProperty({ example: 'price-fall' })
  cause!: string;
  @ApiProperty({
    enum: ['alert', 'notice', 'recorded'],
    description: 'Where policy sends it: `notice` (villages are asked when it is over) and `recorded` alert nobody',
  })
  lane!: Lane;
  @ApiProperty({ example: '假设的冲击' })
  headline!: string;
  @ApiProperty({ description: 'Day of policy and line', example: '2026-07-18' })
  judgedOn!: string;
  @ApiProperty({ description: 'Policy that it was judged under here', example: '1f0c2ab3d4e5' })
  policyVersion!: string;
  @ApiProperty({ description: 'Households with a livelihood that it touches', example: 4400 })
  touched!: number;
  @ApiProperty({
    type: [UnjudgedPlaceResponse],
    description:
      'Townships in which some of them could not be judged, with the reason; under both policies where values are tried',
  })
  unjudgedIn!: UnjudgedPlaceResponse[];
}

export class SimulationPolicy {
  @ApiProperty({ description: 'The policy in force', example: '1f0c2ab3d4e5' })
  base!: string;
  @ApiProperty({ description: 'The one tried; the same where nothing was changed', example: '9a7b63c0d2e1' })
  version!: string;
  @ApiProperty({ type: [PolicyDifferenceResponse], description: 'Records that differ, with both values' })
  changed!: PolicyDifference[];
}

export class SimulationResponse extends SimulatedFigures {
  @ApiProperty({ format: 'date-time' })
  asOf!: string;
  @ApiProperty({ example: '532327' })
  region!: string;
  @ApiProperty({ type: [SimulatedShockResponse] })
  shocks!: SimulatedShockResponse[];
  @ApiProperty({ type: SimulationPolicy })
  policy!: SimulationPolicy;
  @ApiProperty({ type: Load })
  load!: Load;
  @ApiProperty({
    type: SimulatedFigures,
    nullable: true,
    description: 'Under the policy as it is; null where nothing was tried out',
  })
  unchanged!: Figures | null;
  @ApiProperty({ type: DifferenceFigures, nullable: true })
  differs!: Difference | null;
  @ApiProperty({
    type: SimulatedFigures,
    nullable: true,
    description:
      'Of a forecast that alerts nobody, made up or real: what the same would do once it is observed, under the policy tried; the sum where there are ' +
      'several. Null otherwise',
  })
  ifItHappens!: Figures | null;
  @ApiProperty({ type: [SimulatedTownship] })
  townships!: SimulatedTownship[];
  @ApiProperty({
    type: [SampledHouseholdResponse],
    description: 'A few alerted households of each severity, gravest first, explained as an alert is',
  })
  sample!: SampledHousehold[];
  @ApiProperty({
    type: [String],
    description: 'What was assumed',
    example: ['每个乡镇按3名专干估算（暂定，待县里提供）'],
  })
  assumptions!: string[];
}
