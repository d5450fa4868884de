import { parseRegionCode, toBeijingTime } from '@fangpin/domain-kit';
import type { Figure, Sums } from '../ledger/figure.rule.js';
import { firstDay, lastDay } from '../ledger/month.js';
import type { AssessmentRow } from './assessment-row.js';
import type { IncomeAssessmentDto, SetApartDto } from './dto/income-assessment.dto.js';

export function assessmentView(row: AssessmentRow): IncomeAssessmentDto {
  return {
    householdId: row.household_id,
    region: regionText(row.duty_code),
    revision: row.revision,
    window: { from: firstDay(row.window_from), to: lastDay(row.window_to) },
    persons: row.persons,
    wageFen: row.wage_fen,
    businessFen: row.business_fen,
    propertyFen: row.property_fen,
    transferFen: row.transfer_fen,
    productionCostFen: row.production_cost_fen,
    perCapitaFen: row.per_capita_fen,
    closed: row.closed,
    asOf: toBeijingTime(row.assessed_at),
  };
}

/** A figure recomputed from the ledger; it is stored nowhere and has no revision. */
export function figureView(
  household: { readonly householdId: number; readonly dutyCode: number; readonly closed: boolean },
  figure: Figure,
  at: Date,
): IncomeAssessmentDto {
  return {
    householdId: household.householdId,
    region: regionText(household.dutyCode),
    revision: null,
    window: { from: firstDay(figure.window.from), to: lastDay(figure.window.to) },
    persons: figure.persons,
    wageFen: figure.sums.wage,
    businessFen: figure.sums.business,
    propertyFen: figure.sums.property,
    transferFen: figure.sums.transfer,
    productionCostFen: figure.sums.cost,
    perCapitaFen: figure.perCapitaFen,
    closed: household.closed,
    asOf: toBeijingTime(at),
  };
}

export function setApartView(sums: Sums): SetApartDto {
  return {
    insurancePayoutFen: sums['insurance-payout'],
    outOfPocketFen: sums['out-of-pocket'],
    fixedPurposeGrantFen: sums['fixed-purpose-grant'],
    temporaryHelpFen: sums['temporary-help'],
  };
}

function regionText(dutyCode: number): string {
  return parseRegionCode(String(dutyCode).padStart(15, '0'));
}
