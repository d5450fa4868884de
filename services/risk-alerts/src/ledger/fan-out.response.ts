import { ApiProperty } from '@nestjs/swagger';

/** The ledger's figures, in households. exposed = alerted + withheld; alerted = published = opened + attached + listed + parked. */
export class LedgerFigures {
  @ApiProperty({ description: 'Households for which the loss model gives a loss above zero', example: 4321 })
  exposed!: number;
  @ApiProperty({ description: 'Households with an alert (also where it was withdrawn later)', example: 2800 })
  alerted!: number;
  @ApiProperty({ description: 'Households with a loss but no alert; reasons are kept by household', example: 1521 })
  withheld!: number;
  @ApiProperty({ description: 'Alerted households whose alert the bus has acknowledged', example: 2800 })
  published!: number;
  @ApiProperty({ description: 'Alerts that opened a case', example: 320 })
  casesOpened!: number;
  @ApiProperty({ description: "Alerts attached to the household's open case", example: 12 })
  casesAttached!: number;
  @ApiProperty({
    description: 'Alerts put on the check list (排查清单) of a village, or withdrawn before they got there',
    example: 2468,
  })
  listed!: number;
  @ApiProperty({
    description: 'Alerts that could not be taken in and wait, with their reason, for an operator',
    example: 0,
  })
  parked!: number;
  @ApiProperty({ description: 'Alerted households whose alert is withdrawn', example: 0 })
  withdrawn!: number;
  @ApiProperty({ description: 'Withdrawn before anybody acted', example: 0 })
  dropped!: number;
  @ApiProperty({ description: 'Withdrawn after somebody had acted: kept and marked', example: 0 })
  flagged!: number;
  @ApiProperty({
    description: 'Alerted households whose alert stands (alerted less withdrawn), by its severity',
    example: { red: 320, orange: 800, yellow: 1000, blue: 680 },
  })
  severities!: Record<string, number>;
}

export class TownshipFigures extends LedgerFigures {
  @ApiProperty({ example: '532327100' })
  region!: string;
  @ApiProperty({ example: '永定镇' })
  name!: string;
}

export class SliceCount {
  @ApiProperty({ example: 'published' })
  state!: string;
  @ApiProperty({ example: 6 })
  count!: number;
  @ApiProperty({ description: 'Most attempts that one of them took', example: 1 })
  attempts!: number;
  @ApiProperty({ type: String, nullable: true, description: 'What a stuck slice last failed with', example: null })
  lastError!: string | null;
}

export class StuckReasonResponse {
  @ApiProperty({ example: 'SLICE.FAILS' })
  code!: string;
  @ApiProperty({ example: '已试5次仍未成功，正在自动重试；请运维人员查看最近一次的错误' })
  text!: string;
}

/** A slice that failed too often, or is not published long after it was cut. It is still tried again. */
export class StuckSliceResponse {
  @ApiProperty({ example: 4711 })
  sliceNo!: number;
  @ApiProperty({ enum: ['waiting', 'claimed', 'stored', 'superseded'] })
  state!: string;
  @ApiProperty({ description: 'Townships that wait with it', isArray: true, type: String, example: ['532327100'] })
  townships!: string[];
  @ApiProperty({ example: 5 })
  attempts!: number;
  @ApiProperty({ description: 'Since it was cut', example: 312 })
  ageSeconds!: number;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null while somebody works on it, while it waits for what is raised first, and where nobody will',
  })
  nextTryAt!: string | null;
  @ApiProperty({ type: StuckReasonResponse })
  reason!: StuckReasonResponse;
  @ApiProperty({ type: String, nullable: true, example: null })
  lastError!: string | null;
}

/**
 * A cause of the shock that cannot be planned: the policy lacks a record for it, or this service fails. It is tried again. Or one that passed
 * the set size without an officer's word, or by one about materially fewer, because not all households were known then. Or the latest revision names a policy version
 * that risk-alerts has not loaded: it is kept aside, and the text tells whether alerts of an earlier revision go on.
 */
export class FanOutProblemResponse {
  @ApiProperty({ enum: ['FAN_OUT.NOT_PLANNED', 'FAN_OUT.PASSED_UNASKED', 'FAN_OUT.POLICY_UNKNOWN'] })
  code!: string;
  @ApiProperty({
    example: '无法为这次灾害或冲击（庄稼受灾）排定预警，已试3次，正在自动重试；请运维人员查看错误',
  })
  text!: string;
  @ApiProperty({ description: 'Empty where the policy that says so is not known', example: 'crop-disaster' })
  cause!: string;
  @ApiProperty({ description: 'Failures so far', example: 3 })
  attempts!: number;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'At least a second, at most a minute after the last try; null where nothing is to be tried, or it goes on as soon as the version is loaded',
  })
  nextTryAt!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'For operators',
    example: 'POLICY.NONE: no policy value for confirm-over in region 532327 on 2026-07-18',
  })
  error!: string | null;
}

/** An officer's word that lets a shock over the set size go on. */
export class ConfirmationResponse {
  @ApiProperty({ description: 'Who has confirmed it', example: 'o-532327-2' })
  confirmedBy!: string;
  @ApiProperty({ description: 'Revision of the shock that was confirmed', example: 1099511627776 })
  revision!: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Households that it might have touched then; null where the shock reaches beyond the caller’s area',
    example: 214500,
  })
  households!: number | null;
  @ApiProperty({
    description: 'It was said of an earlier revision, and this one reaches no further than policy lets through by it',
    example: true,
  })
  carriedOver!: boolean;
}

/** Why a shock waits: for an officer, or until what the register and the income ledger had said before it is read here. */
export class AwaitsResponse {
  @ApiProperty({
    enum: [
      'FAN_OUT.OVER_SET_SIZE',
      'FAN_OUT.REACHES_MORE',
      'FAN_OUT.LEVEL_HIGHER',
      'FAN_OUT.AWAITS_EXPOSURE',
      'FAN_OUT.BEHIND_EXPOSURE',
    ],
  })
  code!: string;
  @ApiProperty({ example: '可能涉及263000户，明显超出上次确认的范围，请县级重新确认' })
  text!: string;
  @ApiProperty({
    type: Number,
    nullable: true,
    description:
      'Messages of the register and the income ledger still to be read, at most; null where an officer is asked',
    example: null,
  })
  unread!: number | null;
}

export class FanOutResponse extends LedgerFigures {
  @ApiProperty({ format: 'uuid' })
  shockId!: string;
  @ApiProperty({
    enum: ['waiting', 'awaiting-confirmation', 'running', 'done', 'recalled', 'superseded'],
    description: 'Ends as done or recalled, and only when the figures add up',
    example: 'done',
  })
  state!: string;
  @ApiProperty({ description: 'Revision of the shock that this is of', example: 1099511627777 })
  revision!: number;
  @ApiProperty({ example: '1f0c2ab3d4e5' })
  policyVersion!: string;
  @ApiProperty({ format: 'date-time' })
  acceptedAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  settledAt!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'From acceptance to settlement', example: 1.4 })
  seconds!: number | null;
  @ApiProperty({ format: 'date-time' })
  asOf!: string;
  @ApiProperty({
    type: Number,
    nullable: true,
    description:
      'Households of the townships touched, at planning; where they are more than may pass unseen, those that the shock might touch. Known of the whole shock only: null where it reaches beyond the caller’s area',
    example: 4400,
  })
  candidates!: number | null;
  @ApiProperty({ type: ConfirmationResponse, nullable: true, description: 'Null where nobody had to be asked' })
  confirmation!: ConfirmationResponse | null;
  @ApiProperty({
    type: AwaitsResponse,
    nullable: true,
    description:
      'Null unless it waits: for an officer (awaiting-confirmation), or for data to be read before it is planned (waiting) or settles (running)',
  })
  awaits!: AwaitsResponse | null;
  @ApiProperty({ type: [SliceCount] })
  slices!: SliceCount[];
  @ApiProperty({ type: [StuckSliceResponse], description: 'The oldest twenty; empty when all goes its way' })
  stuck!: StuckSliceResponse[];
  @ApiProperty({
    type: [FanOutProblemResponse],
    description:
      'Causes of the shock that could not be planned, or passed the set size unasked, or a revision whose policy is not known; empty when all goes its way',
  })
  problems!: FanOutProblemResponse[];
  @ApiProperty({
    type: [TownshipFigures],
    description:
      'They add up to the figures above, and those of all areas to those of the shock: a household counts once, in the township where its last alert has it (so once it has moved, in the new one), or where it is withheld if it was never alerted',
  })
  townships!: TownshipFigures[];
}
