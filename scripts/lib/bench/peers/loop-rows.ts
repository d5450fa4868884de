/** What the loop peer stores and sends for one household. */
import { create, toBinary } from '@bufbuild/protobuf';
import { AlertBatchSchema, AlertState } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import type { JudgedShock } from './judged-shock.ts';
import type { AssessedHousehold, Verdict } from './loss-model.ts';
import type { AlertRow, CaseRow, ExposureRow } from './orm-rows.ts';

const OPENED = 1;
const CLUE = 1;
const REGIME = 2;
/** Income that is not known, as the services' messages say it. */
const UNKNOWN_INCOME = -(2 ** 50);

export function alertOf(
  shock: JudgedShock,
  row: ExposureRow,
  household: AssessedHousehold,
  verdict: Verdict,
): AlertRow {
  return {
    origin: shock.origin,
    household_id: row.household_id,
    revision: shock.alertRevision,
    duty_code: row.duty_code,
    slice_no: 0,
    loss_low_fen: verdict.loss.low,
    loss_fen: verdict.loss.middle,
    loss_high_fen: verdict.loss.high,
    per_capita_fen: household.perCapitaFen,
    projected_fen: verdict.projectedFen,
    persons: household.persons,
    state: AlertState.RAISED,
    severity: verdict.severity,
    reasons: verdict.reasons,
    inputs: household.livelihoods.flatMap(({ product, quantity, place }) => [product, quantity, place]),
  };
}

export function caseOf(shock: JudgedShock, row: ExposureRow, verdict: Verdict, due: Date): CaseRow {
  return {
    case_origin: shock.origin,
    household_id: row.household_id,
    duty_code: row.duty_code,
    revision: shock.caseRevision,
    alert_revision: shock.alertRevision,
    opened_at: new Date(),
    due_at: due,
    persons: row.persons,
    severity: verdict.severity,
    alert_severity: verdict.severity,
    alert_outcome: OPENED,
    state: CLUE,
    regime: REGIME,
    acted: false,
  };
}

/** The alert as an event of one household. */
export function messageOf(
  shock: JudgedShock,
  township: RegionCode,
  lineFen: number,
  row: ExposureRow,
  verdict: Verdict,
): Uint8Array {
  const { facts } = shock;
  return toBinary(
    AlertBatchSchema,
    create(AlertBatchSchema, {
      shockId: facts.shockId,
      origin: BigInt(shock.origin),
      cause: shock.cause,
      shockKind: facts.kind,
      revision: BigInt(shock.alertRevision),
      state: AlertState.RAISED,
      policyVersion: shock.policy.version,
      judgedOn: facts.judgedOn,
      raisedMs: BigInt(Date.now()),
      township,
      lineFen: BigInt(lineFen),
      householdIds: [BigInt(row.household_id)],
      dutyCodes: [BigInt(row.duty_code)],
      persons: [row.persons],
      severities: [verdict.severity],
      lossFen: [BigInt(verdict.loss.middle)],
      projectedFen: [BigInt(verdict.projectedFen ?? UNKNOWN_INCOME)],
      reasons: [verdict.reasons],
    }),
  );
}
