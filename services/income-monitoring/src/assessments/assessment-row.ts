import { create } from '@bufbuild/protobuf';
import { IncomeAssessmentSchema, topics } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import { firstDay, lastDay } from '../ledger/month.js';

/** A revision of a household's figure as the database has it. */
export interface AssessmentRow {
  household_id: number;
  revision: number;
  duty_code: number;
  window_from: number;
  window_to: number;
  persons: number;
  wage_fen: number;
  business_fen: number;
  property_fen: number;
  transfer_fen: number;
  production_cost_fen: number;
  per_capita_fen: number;
  out_of_pocket_fen: number;
  insurance_payout_fen: number;
  closed: boolean;
  assessed_at: Date;
}

/** The revision as it crosses to other services: facts and figures, nothing about a person. */
export function assessmentEvent(row: AssessmentRow): OutgoingMessage {
  const data = create(IncomeAssessmentSchema, {
    householdId: BigInt(row.household_id),
    revision: BigInt(row.revision),
    dutyCode: BigInt(row.duty_code),
    windowFrom: firstDay(row.window_from),
    windowTo: lastDay(row.window_to),
    persons: row.persons,
    wageFen: BigInt(row.wage_fen),
    businessFen: BigInt(row.business_fen),
    propertyFen: BigInt(row.property_fen),
    transferFen: BigInt(row.transfer_fen),
    productionCostFen: BigInt(row.production_cost_fen),
    perCapitaFen: BigInt(row.per_capita_fen),
    closed: row.closed,
    outOfPocketFen: BigInt(row.out_of_pocket_fen),
    insurancePayoutFen: BigInt(row.insurance_payout_fen),
  });
  return encodeEvent(topics.assessment, data, { key: String(row.household_id), at: row.assessed_at });
}
