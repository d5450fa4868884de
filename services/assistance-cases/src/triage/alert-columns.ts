/** What triage needs of a message of alerts. */
import { fromBinary } from '@bufbuild/protobuf';
import { AlertBatchSchema, readPackedColumns, type AlertBatch } from '@fangpin/contracts';

type Head = Pick<
  AlertBatch,
  | 'shockId'
  | 'origin'
  | 'cause'
  | 'shockKind'
  | 'revision'
  | 'state'
  | 'policyVersion'
  | 'judgedOn'
  | 'raisedMs'
  | 'township'
  | 'subject'
  | 'beganOn'
  | 'speaksUntil'
  | 'extent'
  | 'asksAgainFrom'
>;

/** An {@link AlertBatch}, or the same read without a bigint an alert. */
export interface AlertColumns extends Head {
  readonly householdIds: readonly (number | bigint)[];
  readonly dutyCodes: readonly (number | bigint)[];
  readonly persons: readonly number[];
  readonly severities: readonly number[];
}

const field = AlertBatchSchema.field;
const WANTED = [field.householdIds, field.dutyCodes, field.persons, field.severities].map(({ number }) => number);
/** Alerts are explained by risk-alerts; triage asks for no amount. */
const PASSED = [field.lossFen, field.projectedFen, field.reasons].map(({ number }) => number);

/** Throws where the bytes are no `AlertBatch`. */
export function readAlertColumns(value: Uint8Array): AlertColumns {
  const { head, columns } = readPackedColumns(value, WANTED, PASSED);
  const [householdIds = [], dutyCodes = [], persons = [], severities = []] = columns;
  return { ...fromBinary(AlertBatchSchema, head), householdIds, dutyCodes, persons, severities };
}
