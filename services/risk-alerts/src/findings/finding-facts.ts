/** A department's finding as its rule needs it: read once from its event, plain numbers inside. */
import { findFindingKind, FindingState, type Finding, type KindOfFinding } from '@fangpin/contracts';
import { InvalidValue, isDay } from '@fangpin/domain-kit';

export interface FindingFacts {
  readonly findingId: string;
  readonly revision: number;
  readonly kind: KindOfFinding;
  readonly withdrawn: boolean;
  readonly department: string;
  /** Day at which policy and line are taken; of a cumulative amount the last day that it covers. */
  readonly occurredOn: string;
  /** Cumulative since `spentSince`, fen. */
  readonly spentFen: number;
  readonly refundedFen: number;
  readonly spentSince: string;
  /** First day of what is told; empty for amounts, and where not stated. */
  readonly beganOn: string;
  readonly ofEarner: boolean;
  /** Days absent from school or without water; 0 where not stated. */
  readonly days: number;
  /** Value of DwellingGrade. */
  readonly houseGrade: number;
  /** What it is about, as the contract has it; 0 where not stated. */
  readonly subject: number;
  /** Whose it is, an opaque number; 0 where not stated. */
  readonly person: number;
}

/** Reads a finding; refuses a kind it does not know, a day that is none, and amounts below zero or beyond counting, naming the field. */
export function findingFacts(finding: Finding): FindingFacts {
  const kind = findFindingKind(finding.kind);
  if (kind === undefined) throw new InvalidValue('kind', String(finding.kind), 'must be a known kind of finding');
  if (!isDay(finding.occurredOn)) throw new InvalidValue('occurredOn', finding.occurredOn, 'must be a day, YYYY-MM-DD');
  for (const field of ['spentSince', 'beganOn'] as const)
    if (finding[field] !== '' && !isDay(finding[field]))
      throw new InvalidValue(field, finding[field], 'must be a day, YYYY-MM-DD, or empty');
  for (const field of ['spentFen', 'refundedFen'] as const)
    if (finding[field] < 0n || finding[field] > BigInt(Number.MAX_SAFE_INTEGER))
      throw new InvalidValue(field, String(finding[field]), 'must be a safe integer, not below zero');
  return {
    findingId: finding.findingId,
    revision: Number(finding.revision),
    kind,
    withdrawn: finding.state === FindingState.WITHDRAWN,
    department: finding.department,
    occurredOn: finding.occurredOn,
    spentFen: Number(finding.spentFen),
    refundedFen: Number(finding.refundedFen),
    spentSince: finding.spentSince,
    beganOn: finding.beganOn,
    ofEarner: finding.ofEarner,
    days: finding.days,
    houseGrade: finding.houseGrade,
    subject: Number(finding.subject),
    person: Number(finding.person),
  };
}

/** What the household itself has paid: spending after refunds, never below zero (refunds may come for earlier years). */
export function paidFen({ spentFen, refundedFen }: FindingFacts): number {
  return Math.max(0, spentFen - refundedFen);
}
