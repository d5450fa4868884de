import { ApiProperty } from '@nestjs/swagger';
import type { RegionCode } from '@fangpin/domain-kit';
import { ApiFindingId } from '../../http/api-finding-id.js';
import { leavings, type Leaving } from '../../register/left-states.js';
import { allCaseActions } from '../case-actions.js';
import type { CaseAction } from '../case-lifecycle.js';
import { caseStates, type CaseState } from '../case-states.js';

const states = Object.keys(caseStates);

/** A case as lists show it; ids and codes only. */
export class CaseSummary {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'integer' }) householdId!: number;
  @ApiProperty({ type: String, description: 'Village or group' }) region!: RegionCode;
  @ApiProperty({ type: 'integer' }) persons!: number;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 4, description: 'The worst of the alerts that still stand' })
  severity!: number;
  @ApiProperty({ description: '蓝色, 黄色, 橙色 or 红色' }) severityLabel!: string;
  @ApiProperty({ enum: states }) state!: CaseState;
  @ApiProperty({ description: 'In Chinese' }) stateLabel!: string;
  @ApiProperty({ description: 'The set of rules under which the case was opened' }) regime!: string;
  @ApiProperty({
    format: 'uuid',
    description:
      'The shock or finding that it is about: behind the alert that opened the case, or, where that was withdrawn, behind the worst of ' +
      'those that stand, if any does; of cause `several` that alert',
  })
  shockId!: string;
  @ApiFindingId() findingId!: string | null;
  @ApiProperty({ description: 'Of the same alert' }) cause!: string;
  @ApiProperty({ format: 'date-time' }) openedAt!: string;
  @ApiProperty({ format: 'date-time', description: 'End of the clock that runs now' }) dueAt!: string;
  @ApiProperty({ description: 'Never of a household that has left' }) overdue!: boolean;
  @ApiProperty({
    type: String,
    enum: leavings,
    nullable: true,
    description:
      'Of an open case: its household has moved out or is dissolved by the register while somebody worked on it. Its clock stands still, ' +
      'and it can be ended by `move-out` or `dissolve-household`',
  })
  householdLeft!: Leaving | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'An alert of the case was withdrawn after somebody had acted',
  })
  flaggedAt!: string | null;
}

export class CasePage {
  @ApiProperty({ type: [CaseSummary] }) items!: CaseSummary[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}

export const caseAlertPlaces = ['opened', 'attached', 'joined'] as const;
export type CaseAlertPlace = (typeof caseAlertPlaces)[number];

/** An alert of the household that the case answers for. */
export class CaseAlertResponse {
  @ApiProperty({ format: 'uuid', description: 'For GET /v1/alerts/{id}' }) alertId!: string;
  @ApiProperty({ format: 'uuid', description: 'The shock or finding behind it; of cause `several` the alert itself' })
  shockId!: string;
  @ApiFindingId() findingId!: string | null;
  @ApiProperty() cause!: string;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 4 }) severity!: number;
  @ApiProperty({ description: '蓝色, 黄色, 橙色 or 红色' }) severityLabel!: string;
  @ApiProperty({ description: 'Whether this alert opened the case' }) opened!: boolean;
  @ApiProperty({
    enum: caseAlertPlaces,
    description:
      '`opened` the case; `attached` to it; `joined`: an open check item of the household, whose id is that of the alert, and ' +
      'for which no visit of its own is asked',
  })
  place!: CaseAlertPlace;
  @ApiProperty({
    description: 'False once withdrawn, or once it is listed or in another case, because this one has ended',
  })
  stands!: boolean;
  @ApiProperty({ format: 'date-time' }) since!: string;
}

export class AllowedActionResponse {
  @ApiProperty({ enum: allCaseActions }) action!: CaseAction;
  @ApiProperty() label!: string;
  @ApiProperty({ type: [String], description: 'Members that the body must carry' }) requires!: readonly string[];
}

export class ReasonResponse {
  @ApiProperty({ example: 'CASE.STATE' }) code!: string;
  @ApiProperty({ description: 'In Chinese, for the officer' }) text!: string;
}

export class RefusedActionResponse {
  @ApiProperty({ enum: allCaseActions }) action!: CaseAction;
  @ApiProperty() label!: string;
  @ApiProperty({ type: [ReasonResponse] }) reasons!: readonly ReasonResponse[];
}

/** A case with its alerts, and every action of the life cycle: allowed to the caller now, or refused with reasons. */
export class CaseResponse extends CaseSummary {
  @ApiProperty({ type: [CaseAlertResponse], description: 'The one that opened the case first' })
  alerts!: CaseAlertResponse[];
  @ApiProperty({
    type: [String],
    description: 'Causes of the alerts that stand, each once',
    example: ['crop-disaster', 'price-fall'],
  })
  causes!: string[];
  @ApiProperty({ type: [AllowedActionResponse] }) allowedActions!: AllowedActionResponse[];
  @ApiProperty({ type: [RefusedActionResponse] }) refusedActions!: RefusedActionResponse[];
}

export class CaseStepResponse {
  @ApiProperty({ type: 'integer', nullable: true, description: 'Of the case after it; null where none was made' })
  revision!: number | null;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({
    description:
      'An action of the life cycle, or what the machine did: opened, flagged … Of one alert: alert-attached, alert-joined (an open ' +
      'check item of the household, which goes with the case), alert-withdrawn, alert-raised-again, alert-left (it goes its own way, ' +
      'because the case has ended)',
    example: 'alert-withdrawn',
  })
  action!: string;
  @ApiProperty({ description: 'In Chinese', example: '地震预警撤回' }) label!: string;
  @ApiProperty({ type: String, enum: states, nullable: true }) from!: CaseState | null;
  @ApiProperty({ type: String, enum: states, nullable: true }) to!: CaseState | null;
  @ApiProperty({ type: 'integer', nullable: true }) severity!: number | null;
  @ApiProperty() regime!: string;
  @ApiProperty({ type: String, nullable: true }) policyVersion!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Account of who took the step; null for the machine' })
  actor!: string | null;
  @ApiProperty({ type: String, nullable: true }) actorRole!: string | null;
  @ApiProperty({ type: String, nullable: true }) reason!: string | null;
  @ApiProperty({ type: [String], nullable: true }) checkers!: string[] | null;
  @ApiProperty({ type: String, format: 'date', nullable: true }) toldOn!: string | null;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The alert that it is about, for GET /v1/alerts/{id}; null where it is about the case',
  })
  alertId!: string | null;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The shock or finding behind that alert; of cause `several` the alert itself',
  })
  shockId!: string | null;
  @ApiFindingId() findingId!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Of that alert', example: 'dwelling' })
  cause!: string | null;
}

export class CaseHistoryResponse {
  @ApiProperty({ type: [CaseStepResponse], description: 'Oldest first' }) items!: CaseStepResponse[];
}
