/** An alert revision as a row, and its way through binary COPY. */
import type { CopyRow, CopyWriter } from '@fangpin/persistence';
import type { ExposedLivelihood, Verdict } from '../loss/household.js';
import { REMOVAL, SPENDING } from '../loss/things.js';
import type { ExposedHousehold } from '../exposure/exposure-row.js';

export const RAISED = 1;
export const WITHDRAWN = 2;

/** What messages and rows share; amounts in fen. */
export interface AlertRow {
  readonly householdId: number;
  readonly dutyCode: number;
  readonly persons: number;
  readonly severity: number;
  readonly lossFen: number;
  readonly projectedFen: number | null;
  readonly reasons: number;
}

export function alertRowOf(household: ExposedHousehold, verdict: Verdict): AlertRow {
  return {
    householdId: household.householdId,
    dutyCode: household.dutyCode,
    persons: household.persons,
    severity: verdict.severity,
    lossFen: verdict.loss.middle,
    projectedFen: verdict.projectedFen,
    reasons: verdict.reasons,
  };
}

export const ALERT_COPY_TARGET = `alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen,
  loss_high_fen, per_capita_fen, projected_fen, persons, state, severity, reasons, inputs, wage_fen_per_worker)`;
const COLUMNS = 16;

export function writeAlertRow(
  writer: CopyWriter,
  key: { readonly origin: number; readonly revision: number; readonly sliceNo: number },
  household: ExposedHousehold,
  verdict: Verdict,
  state: number = RAISED,
): void {
  writer
    .row(COLUMNS)
    .int8(key.origin)
    .int8(household.householdId)
    .int8(key.revision)
    .int8(household.dutyCode)
    .int8(key.sliceNo)
    .int8(verdict.loss.low)
    .int8(verdict.loss.middle)
    .int8(verdict.loss.high);
  if (household.perCapitaFen === null) writer.nothing();
  else writer.int8(household.perCapitaFen);
  if (verdict.projectedFen === null) writer.nothing();
  else writer.int8(verdict.projectedFen);
  writer
    .int4(household.persons)
    .int2(state)
    .int2(verdict.severity)
    .int2(verdict.reasons)
    .int8Array(flatInputs(household.livelihoods, household));
  const { wageFenPerWorker = null } = household;
  if (wageFenPerWorker === null) writer.nothing();
  else writer.int8(wageFenPerWorker);
}

/** Livelihoods as the flat `inputs` column: product, quantity, place, …; hard spending and the removal stand last, where there is any. */
export function flatInputs(
  livelihoods: readonly ExposedLivelihood[],
  home?: { readonly spendingFen?: number | null; readonly removedDay?: number | null; readonly dutyCode: number },
): number[] {
  const flat: number[] = [];
  for (const { product, quantity, place } of livelihoods) flat.push(product, quantity, place);
  if (home?.spendingFen) flat.push(SPENDING, home.spendingFen, home.dutyCode);
  if (typeof home?.removedDay === 'number') flat.push(REMOVAL, home.removedDay, home.dutyCode);
  return flat;
}

export function livelihoodsOf(inputs: readonly number[]): ExposedLivelihood[] {
  const livelihoods: ExposedLivelihood[] = [];
  for (let i = 0; i + 2 < inputs.length; i += 3) {
    if (inputs[i] === SPENDING || inputs[i] === REMOVAL) continue;
    livelihoods.push({
      product: inputs[i] as number,
      quantity: inputs[i + 1] as number,
      place: inputs[i + 2] as number,
    });
  }
  return livelihoods;
}

/** Hard spending among the inputs, fen; null where there was none or it was not known. */
export function spendingOf(inputs: readonly number[]): number | null {
  return amountOf(SPENDING, inputs);
}

/** The day of the risk removal among the inputs, days since 1970; null where there was none or it was not known. */
export function removedDayOf(inputs: readonly number[]): number | null {
  return amountOf(REMOVAL, inputs);
}

function amountOf(code: number, inputs: readonly number[]): number | null {
  for (let i = 0; i + 2 < inputs.length; i += 3) if (inputs[i] === code) return inputs[i + 1] as number;
  return null;
}

/** Columns of {@link readAlertRow}, in order. */
export const ALERT_READ_COLUMNS =
  'household_id, duty_code, persons, severity, loss_fen, projected_fen, reasons, revision, state';

export function readAlertRow(row: CopyRow): AlertRow & { readonly revision: number; readonly state: number } {
  return {
    householdId: row.int8(),
    dutyCode: row.int8(),
    persons: row.int4(),
    severity: row.int2(),
    lossFen: row.int8(),
    projectedFen: row.int8OrNull(),
    reasons: row.int2(),
    revision: row.int8(),
    state: row.int2(),
  };
}
