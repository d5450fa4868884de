/** From what a department sent to a finding. Pure: a row and what holds for it in, the finding or every broken rule out. */
import { DwellingGrade, type KindOfFinding } from '@fangpin/contracts';
import { findIdNumber, ID_NUMBER_RULE, type FieldProblem } from '@fangpin/domain-kit';
import { identityHash, type IdentityKey } from '@fangpin/service-kit';
import type { Department } from '../departments/department.js';
import type { Named, SentFinding } from './finding.js';
import { findingFields } from './finding-fields.js';
import { fieldsOfKind } from './kind-fields.js';
import { SentRow } from './sent-row.js';

const GRADES: Readonly<Record<string, DwellingGrade>> = {
  A: DwellingGrade.A,
  B: DwellingGrade.B,
  C: DwellingGrade.C,
  D: DwellingGrade.D,
};
/** Ten million yuan; more is a slip of the unit. */
const MOST_FEN = 1_000_000_000;
const MOST_DAYS = 3_660;
const MS_A_DAY = 86_400_000;

export type ReadFinding = { readonly sent: SentFinding } | { readonly problems: readonly FieldProblem[] };

/**
 * Reads one finding. A problem names field, value and rule; the value of an ID number is never in it. Refuses unknown members,
 * kinds that the department does not push, days in the future or older than policy takes, amounts of more than a year (rulebook §3.5), refunds over what was spent, more days than there were,
 * facts that the kind does not have, and a person named twice or not at all.
 */
export function readFinding(body: unknown, department: Department, key: IdentityKey): ReadFinding {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { problems: [{ field: 'body', value: null, rule: 'must be a JSON object' }] };
  const row = new SentRow(body as Record<string, unknown>);
  row.knowsOnly(findingFields);
  const named = readNamed(row, key);
  const kind = readKind(row, department);
  const occurredOn = row.day('occurredOn', department.oldestDay, department.today) ?? department.today;
  const since = row.has('since') ? row.day('since', department.oldestDay, occurredOn) : undefined;
  if (kind === undefined) return { problems: row.problems };
  const asks = fieldsOfKind(kind.code);
  if (asks.amounts === 'must' && !row.has('since')) row.say('since', 'must be the first day that the amounts cover');
  const spentFen = row.integer('spentFen', asks.amounts, asks.amounts === 'must' ? 1 : 0, MOST_FEN);
  const refundedFen = row.integer('refundedFen', asks.amounts === 'none' ? 'none' : 'may', 0, MOST_FEN);
  const isTooLong = since !== undefined && spentFen > 0 && daysOf(since, occurredOn) > department.longestSpending;
  if (isTooLong && !row.isBad('occurredOn'))
    row.say('since', spendingPeriodRule(occurredOn, department.longestSpending));
  if (refundedFen > spentFen && !row.isBad('spentFen')) row.say('refundedFen', 'must not be more than spentFen');
  // 0 is no way to say that nobody knows, nor that a child is back: the one is left out, the other takes the finding back.
  const days = row.integer('days', asks.days, 1, MOST_DAYS);
  const houseGrade = row.word('houseGrade', asks.houseGrade, Object.keys(GRADES));
  if (since !== undefined && !row.isBad('days') && days > daysOf(since, occurredOn))
    row.say('days', 'must not be more than the days from since to occurredOn');
  const ofEarner = row.flag('ofEarner', asks.ofEarner);
  if (row.problems.length > 0 || named === undefined) return { problems: row.problems };
  return {
    sent: {
      named,
      facts: {
        kind: kind.code,
        period: since ?? occurredOn,
        occurredOn,
        spentFen,
        refundedFen,
        ofEarner,
        days,
        houseGrade: houseGrade === undefined ? DwellingGrade.UNSPECIFIED : (GRADES[houseGrade] as DwellingGrade),
      },
    },
  };
}

/** Both ends count. */
const daysOf = (since: string, to: string): number => (Date.parse(to) - Date.parse(since)) / MS_A_DAY + 1;

/** Income and line are of a year: a bill of three set beside them would make three of one. */
function spendingPeriodRule(occurredOn: string, mostDays: number): string {
  const earliest = new Date(Date.parse(occurredOn) - (mostDays - 1) * MS_A_DAY).toISOString().slice(0, 10);
  return `must be ${earliest} or later: amounts are summed up over at most ${mostDays} days to occurredOn, both counted (policy spending-period)`;
}

function readNamed(row: SentRow, key: IdentityKey): Named | undefined {
  if (row.has('idNumber') === row.has('householdId')) {
    row.say('idNumber', 'must be given, or householdId instead; one of the two');
    return undefined;
  }
  if (row.has('householdId')) {
    const householdId = row.integer('householdId', 'must', 1, Number.MAX_SAFE_INTEGER);
    return row.isBad('householdId') ? undefined : { householdId };
  }
  const text = row.value('idNumber');
  const idNumber = typeof text === 'string' ? findIdNumber(text) : undefined;
  if (idNumber !== undefined) return { idHash: identityHash(key, idNumber).toString('hex') };
  row.say('idNumber', ID_NUMBER_RULE);
  return undefined;
}

function readKind(row: SentRow, { key, kinds }: Department): KindOfFinding | undefined {
  const kind = kinds.find((one) => one.key === row.value('kind') || one.name === row.value('kind'));
  if (kind !== undefined) return kind;
  const taken = kinds.map((one) => one.key).join(', ');
  row.say('kind', taken === '' ? `is taken from other departments; none from ${key}` : `must be one of ${taken}`);
  return undefined;
}
