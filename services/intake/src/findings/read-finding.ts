/** From what a department sent to a finding. Pure: a row and what holds for it in, the finding or every broken rule out. */
import { DwellingGrade, type KindOfFinding } from '@fangpin/contracts';
import { findIdNumber, ID_NUMBER_RULE, isDay, type FieldProblem } from '@fangpin/domain-kit';
import { identityHash, type IdentityKey } from '@fangpin/service-kit';
import type { Department } from '../departments/department.js';
import type { Named, SentFinding } from './finding.js';
import { fieldsOfKind, type Asked } from './kind-fields.js';

/** Members of a sent finding; a batch has columns of these names. */
export const findingFields = [
  'idNumber',
  'householdId',
  'kind',
  'occurredOn',
  'since',
  'spentFen',
  'refundedFen',
  'ofEarner',
  'days',
  'houseGrade',
] as const;

export type FindingField = (typeof findingFields)[number];

const GRADES: Readonly<Record<string, DwellingGrade>> = {
  A: DwellingGrade.A,
  B: DwellingGrade.B,
  C: DwellingGrade.C,
  D: DwellingGrade.D,
};
/** Ten million yuan; more is a slip of the unit. */
const MOST_FEN = 1_000_000_000;
const MOST_DAYS = 3_660;
/** Also one that a sheet has made a number of, or cut. */
const LIKE_AN_ID_NUMBER = /\d{12}/;
const MOST_TOLD = 40;

export type ReadFinding = { readonly sent: SentFinding } | { readonly problems: readonly FieldProblem[] };

/**
 * Reads one finding. A problem names field, value and rule; the value of an ID number is never in it. Refuses unknown members,
 * kinds that the department does not push, days in the future or older than policy takes, refunds over what was spent,
 * facts that the kind does not have, and a person named twice or not at all.
 */
export function readFinding(body: unknown, department: Department, key: IdentityKey): ReadFinding {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { problems: [{ field: 'body', value: null, rule: 'must be a JSON object' }] };
  const row = new Row(body as Record<string, unknown>);
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
  if (refundedFen > spentFen && !row.isBad('spentFen')) row.say('refundedFen', 'must not be more than spentFen');
  const days = row.integer('days', asks.days, 0, MOST_DAYS);
  const houseGrade = row.word('houseGrade', asks.houseGrade, Object.keys(GRADES));
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

function readNamed(row: Row, key: IdentityKey): Named | undefined {
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

function readKind(row: Row, { key, kinds }: Department): KindOfFinding | undefined {
  const kind = kinds.find((one) => one.key === row.value('kind') || one.name === row.value('kind'));
  if (kind !== undefined) return kind;
  const taken = kinds.map((one) => one.key).join(', ');
  row.say('kind', taken === '' ? `is taken from other departments; none from ${key}` : `must be one of ${taken}`);
  return undefined;
}

/** One row while it is read: what it holds, and what is wrong with it. */
class Row {
  readonly problems: FieldProblem[] = [];

  constructor(private readonly members: Readonly<Record<string, unknown>>) {}

  value(field: FindingField): unknown {
    return this.members[field];
  }

  /** Null and an empty text count as not given: forms and sheets send them so. */
  has(field: FindingField): boolean {
    const value = this.members[field];
    return value !== undefined && value !== null && value !== '';
  }

  isBad(field: FindingField): boolean {
    return this.problems.some((problem) => problem.field === field);
  }

  say(field: FindingField, rule: string): void {
    this.problems.push({ field, value: field === 'idNumber' ? null : tellable(this.members[field]), rule });
  }

  knowsOnly(fields: readonly string[]): void {
    for (const field of Object.keys(this.members))
      // A misspelt member may hold a person: only its name is told.
      if (!fields.includes(field))
        this.problems.push({ field: tellableName(field), value: null, rule: 'is not a known member' });
  }

  day(field: 'occurredOn' | 'since', from: string, to: string): string | undefined {
    const value = this.members[field];
    if (typeof value === 'string' && isDay(value) && value >= from && value <= to) return value;
    this.say(field, `must be a day (YYYY-MM-DD) from ${from} to ${to}`);
    return undefined;
  }

  integer(field: FindingField, asked: Asked, least: number, most: number): number {
    if (!this.#isAsked(field, asked)) return 0;
    const value = this.members[field];
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    this.say(field, `must be an integer from ${least} to ${most}`);
    return 0;
  }

  word(field: FindingField, asked: Asked, words: readonly string[]): string | undefined {
    if (!this.#isAsked(field, asked)) return undefined;
    const value = this.members[field];
    if (typeof value === 'string' && words.includes(value)) return value;
    this.say(field, `must be one of ${words.join(', ')}`);
    return undefined;
  }

  flag(field: FindingField, asked: Asked): boolean {
    if (!this.#isAsked(field, asked)) return false;
    const value = this.members[field];
    if (typeof value !== 'boolean') this.say(field, 'must be true or false');
    return value === true;
  }

  #isAsked(field: FindingField, asked: Asked): boolean {
    if (this.has(field) && asked === 'none') this.say(field, 'is no fact of this kind of finding');
    if (!this.has(field) && asked === 'must') this.say(field, 'must be given for this kind of finding');
    return this.has(field) && asked !== 'none';
  }
}

/** Short texts, numbers and flags are told back; what is deeper, or may be an ID number in the wrong place, is not. */
function tellable(value: unknown): unknown {
  if (value === undefined || typeof value === 'object' || LIKE_AN_ID_NUMBER.test(String(value))) return null;
  return typeof value === 'string' ? value.slice(0, MOST_TOLD) : value;
}

/** Also a name may hold a person, or a character that no table takes. */
function tellableName(field: string): string {
  return field
    .replace(/\d{12,}X?/gi, '…')
    .replace(/\p{Cc}/gu, '')
    .slice(0, MOST_TOLD);
}
