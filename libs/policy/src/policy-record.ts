/** One dated value with its source, as it stands in a data file, and the refusals of reading one. */
import { DomainError, type RegionCode } from '@fangpin/domain-kit';
import type { PolicyKey } from './values.js';

/**
 * How far a source can be trusted (grades of the rulebook): S plan of the place, G government site, N news medium,
 * M government text on another host, O other page, C public code; `unsourced` where looked for and not found.
 */
export type SourceGrade = 'S' | 'G' | 'N' | 'M' | 'O' | 'C' | 'unsourced';

export interface PolicySource {
  readonly document: string;
  readonly clause?: string;
  readonly grade: SourceGrade;
}

export interface PolicyRecord {
  readonly key: PolicyKey;
  /** Which product, shock kind or clock, for keys that hold one value for each. */
  readonly subject?: string;
  readonly region: RegionCode;
  /** First and last day on which the value holds; without a last day, until a later one of the place begins. */
  readonly from: string;
  readonly to?: string;
  /**
   * Day on which a correction was recorded: it holds for its own days over what is on file for them, which stays. Of several the one
   * recorded last holds. Needs a last day.
   */
  readonly recorded?: string;
  readonly value: unknown;
  readonly source: PolicySource;
  readonly author: string;
  readonly reason: string;
  /** No document gives this value for this place; to be replaced by the county. */
  readonly assumed?: boolean;
}

/**
 * `monitoring-line/53/2025-01-01`, `crop-loss.rice/00/2020-01-01`, of a correction `monitoring-line/53/2025-01-01~2025-06-01`: stable and
 * readable; unique within a policy set.
 */
export function recordIdOf(record: Pick<PolicyRecord, 'key' | 'subject' | 'region' | 'from' | 'recorded'>): string {
  const id = `${slotOf(record)}/${record.from}`;
  return record.recorded === undefined ? id : `${id}~${record.recorded}`;
}

/** What competes for the same days: key, subject and region. */
export function slotOf({ key, subject, region }: Pick<PolicyRecord, 'key' | 'subject' | 'region'>): string {
  return `${subject === undefined ? key : `${key}.${subject}`}/${region}`;
}

/** The last day on which a line is in force: it belongs to the year in which it begins, whatever last day its record states. */
export function lastDayOfLine({ from, to }: Pick<PolicyRecord, 'from' | 'to'>): string {
  const endOfYear = `${from.slice(0, 4)}-12-31`;
  return to !== undefined && to < endOfYear ? to : endOfYear;
}

/** Nothing in the policy data answers for the key, place and day. */
export class NoPolicy extends DomainError {
  constructor(key: PolicyKey, subject: string | undefined, region: string, day: string) {
    const what = subject === undefined ? key : `${key} of ${subject}`;
    super('POLICY.NONE', 'conflict', `no policy value for ${what} in region ${region} on ${day}`, {
      key,
      ...(subject === undefined ? {} : { subject }),
      region,
      day,
    });
  }
}

export interface PolicyProblem {
  readonly file: string;
  /** Position of the record in its file; absent where the file as a whole is at fault. */
  readonly index?: number;
  readonly rule: string;
}

/** The policy data break a rule; the service must not start on them. Names every file, index and rule. */
export class InvalidPolicy extends DomainError {
  constructor(readonly problems: readonly PolicyProblem[]) {
    super('POLICY.INVALID', 'invalid', problems.map(describeProblem).join('; '), { problems });
  }
}

function describeProblem({ file, index, rule }: PolicyProblem): string {
  return index === undefined ? `${file}: ${rule}` : `${file}[${index}]: ${rule}`;
}
