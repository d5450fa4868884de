/** A finding as intake holds it; plain facts, no framework. */
import { FindingState, type FindingKind } from '@fangpin/contracts';

/** What a department states. */
export interface FindingFacts {
  readonly kind: FindingKind;
  /** First day of what it is about; equal to `occurredOn` where none is stated. */
  readonly period: string;
  readonly occurredOn: string;
  /** Cumulative since `period`, fen. */
  readonly spentFen: number;
  readonly refundedFen: number;
  readonly ofEarner: boolean;
  /** Days absent from school or without water; 0 where not stated. */
  readonly days: number;
  /** DwellingGrade of proto/fangpin/registry/v1; 0 for none. */
  readonly houseGrade: number;
}

/** Whom it is of: a person by the keyed hash of the ID number (hexadecimal), or a household by its id. */
export type Named = { readonly idHash: string } | { readonly householdId: number };

/** A finding as it was sent, checked. */
export interface SentFinding {
  readonly named: Named;
  readonly facts: FindingFacts;
}

/** Who sends, when, for which area, and in which batch. */
export interface Sending {
  readonly department: string;
  readonly by: string;
  readonly at: Date;
  readonly area: { readonly lo: number; readonly hi: number };
  readonly batchId?: string;
}

export type UnmatchedReason = 'person-unknown' | 'person-in-several-households' | 'household-unknown';

export interface FoundHousehold {
  readonly householdId: number;
  readonly dutyCode: number;
  /** Of the person, as the register had it when the finding was matched or stated last; undefined where it does not know. */
  readonly mainEarner?: boolean | undefined;
}

export type Match = FoundHousehold | { readonly unmatched: UnmatchedReason };

export interface Finding {
  readonly findingId: string;
  /** What comes again with it is this finding (finding-id.ts). */
  readonly identity: string;
  readonly revision: number;
  readonly department: string;
  readonly named: Named;
  readonly facts: FindingFacts;
  readonly state: FindingState;
  readonly match: Match;
  readonly area: { readonly lo: number; readonly hi: number };
  /** Of this revision. */
  readonly batchId: string | undefined;
  /**
   * The batch that stated it last, if a batch did: a repeat makes no revision, but moves this on. Of a finding that was taken back
   * singly there is none; with one, a withdrawn finding is void ({@link isVoid}).
   */
  readonly statedInBatch: string | undefined;
  readonly statedAt: Date;
  readonly statedBy: string;
  readonly withdrawnReason: string | undefined;
  /** When it was last taken back singly, if ever: what was received before counts no more. */
  readonly takenBackAt: Date | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What is said of a finding beside what it is known by. */
export type StatedFacts = Omit<FindingFacts, 'kind' | 'period'>;

/** A word about a finding, by a batch or singly; the last one that stands is what the finding says. */
export interface Statement {
  readonly batchId: string | undefined;
  readonly state: FindingState;
  readonly facts: StatedFacts;
  readonly withdrawnReason: string | undefined;
  readonly at: Date;
  readonly by: string;
}

/** All batches that stated it have been taken back: nobody says anything of it, so that any word counts, however old. */
export const isVoid = ({ state, statedInBatch }: Finding): boolean =>
  state === FindingState.WITHDRAWN && statedInBatch !== undefined;

export const isMatched = (match: Match): match is FoundHousehold => 'householdId' in match;
