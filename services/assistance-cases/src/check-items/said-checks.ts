/** What checks found, as it is said to risk-alerts: packed by township, result and day, some hundred items a message. */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  CaseEventSchema,
  ChecksFoundSchema,
  CheckResult as SaidResult,
  PackedColumns,
  topics,
} from '@fangpin/contracts';
import { regionOfDuty } from '@fangpin/domain-kit';
import { encodeBytes, type OutgoingMessage } from '@fangpin/messaging';
import type { Leaving } from '../register/left-states.js';
import type { CheckResult } from './check-item-states.js';

/** What a check found of one alert; the item as it stands after it. */
export interface SaidCheck {
  readonly origin: number;
  readonly householdId: number;
  readonly dutyCode: number;
  /** Of the check item. */
  readonly revision: number;
  readonly alertRevision: number;
  /** `none`: no check answers for it. Said only where risk-alerts may have noted one. A leaving: the household has left, and nobody is asked. */
  readonly result: CheckResult | Leaving | 'none';
  /** `YYYY-MM-DD`; of a remembered check the day of that one, empty where nobody has looked. */
  readonly checkedOn: string;
  /** The worst severity of the alert that it answers for; 0 where it answers for none. */
  readonly answeredUpTo: number;
}

const MAX_CHECKS_A_MESSAGE = 500;

const results: Readonly<Record<SaidCheck['result'], SaidResult>> = {
  none: SaidResult.UNSPECIFIED,
  'no-risk': SaidResult.NO_RISK,
  risk: SaidResult.RISK,
  unreachable: SaidResult.UNREACHABLE,
  'moved-out': SaidResult.MOVED_OUT,
  'household-dissolved': SaidResult.HOUSEHOLD_DISSOLVED,
};
const field = ChecksFoundSchema.field;

/** `key`: under which all are said, where they have to come in one partition with what else is said; else that of their township. */
export function checkMessages(checks: readonly SaidCheck[], key?: string): OutgoingMessage[] {
  const groups = Map.groupBy(checks, ({ dutyCode, result, checkedOn }) =>
    [regionOfDuty(dutyCode, 'township'), result, checkedOn].join('/'),
  );
  const columns = new PackedColumns();
  return [...groups.values()].flatMap((group) => {
    const messages: OutgoingMessage[] = [];
    for (let from = 0; from < group.length; from += MAX_CHECKS_A_MESSAGE)
      messages.push(message(columns, group.slice(from, from + MAX_CHECKS_A_MESSAGE), key));
    return messages;
  });
}

/** All of one township, result and day. */
function message(columns: PackedColumns, checks: readonly SaidCheck[], key?: string): OutgoingMessage {
  const [{ dutyCode, result, checkedOn }] = checks as readonly [SaidCheck, ...SaidCheck[]];
  const township = regionOfDuty(dutyCode, 'township');
  const head = create(ChecksFoundSchema, { township, result: results[result], checkedOn });
  const column = (of: (check: SaidCheck) => number): number[] => checks.map(of);
  const found = columns
    .column(
      field.origins.number,
      column(({ origin }) => origin),
    )
    .column(
      field.householdIds.number,
      column(({ householdId }) => householdId),
    )
    .column(
      field.dutyCodes.number,
      column((check) => check.dutyCode),
    )
    .column(
      field.revisions.number,
      column(({ revision }) => revision),
    )
    .column(
      field.alertRevisions.number,
      column(({ alertRevision }) => alertRevision),
    )
    .column(
      field.answeredUpTo.number,
      column(({ answeredUpTo }) => answeredUpTo),
    )
    .behind(toBinary(ChecksFoundSchema, head));
  return encodeBytes(topics.case, PackedColumns.inside(CaseEventSchema.field.checked.number, found), {
    key: key ?? township,
  });
}
