import { isDay, type FieldProblem } from '@fangpin/domain-kit';
import type { FindingField } from './finding-fields.js';
import type { Asked } from './kind-fields.js';

/** Also one that a sheet has made a number of, or cut. */
const LIKE_AN_ID_NUMBER = /\d{12}/;
const MOST_TOLD = 40;

/** One row while it is read: what it holds, and what is wrong with it. */
export class SentRow {
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
