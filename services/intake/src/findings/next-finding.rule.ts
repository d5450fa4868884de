/** What a sent finding makes of the one that is known: a pure function, so that a repeat or a late word is decided in one place. */
import { isDeepStrictEqual } from 'node:util';
import { FindingState } from '@fangpin/contracts';
import { isWithin, nextRevision } from '@fangpin/domain-kit';
import {
  isMatched,
  isVoid,
  type Finding,
  type FindingFacts,
  type Match,
  type Sending,
  type SentFinding,
  type Statement,
} from './finding.js';
import { EARLIER_DAY, ELSEWHERE, OVERTAKEN, unmatchedProblems, type Problem } from './problems.js';
import { isBehind } from './statement-order.rule.js';

export type Outcome = 'accepted' | 'updated' | 'duplicate' | 'unmatched';

export interface NextFinding {
  readonly finding: Finding;
  readonly outcome: Outcome;
  /** Whether the row changes at all, and whether a new revision is said on the bus. */
  readonly stored: boolean;
  readonly published: boolean;
  readonly problems: readonly Problem[];
  /** What is to be remembered beneath the last statement, for the day on which that is taken back; or that nothing is any more. */
  readonly earlier?: Statement | 'nothing';
}

/**
 * Applies a sent finding under the service's epoch. The same content again is a duplicate; content of an earlier
 * day than what is known (last month's sheet behind this month's), or of the same day and received before it, is one too. While a finding stands its household stays, wherever that or the person
 * goes: the finding was of it, and its sender corrects it from where it was sent. A withdrawn finding that is sent again is raised
 * again, of the household in which the register finds the person by then: so a person who stood in a wrong one is put right.
 */
export function nextFinding(
  known: Finding | undefined,
  identity: string,
  sent: SentFinding,
  match: Match,
  sending: Sending,
  epoch: number,
): NextFinding {
  if (known === undefined) return raised(undefined, identity, sent, match, sending, epoch);
  const late = lateness(known, sent, sending);
  if (late !== undefined) return { finding: known, outcome: 'duplicate', stored: false, published: false, ...late };
  const hasLeft = known.state === FindingState.RAISED && isMatched(known.match) && !sameHousehold(known.match, match);
  // With what the register said of the person there: of somebody who has left it says nothing any more.
  const still = hasLeft ? known.match : match;
  const isSame =
    known.state === FindingState.RAISED &&
    isDeepStrictEqual(known.facts, factsFor(sent.facts, still)) &&
    isMatched(known.match) === isMatched(still);
  const earlier = overtaken(known, sending);
  if (!isSame) return { ...raised(known, identity, sent, still, sending, epoch), ...earlier };
  const { at: statedAt, by: statedBy, batchId: statedInBatch } = sending;
  const outcome = isMatched(still) ? 'duplicate' : 'unmatched';
  return {
    finding: { ...known, match: still, statedAt, statedBy, statedInBatch },
    outcome,
    stored: true,
    published: false,
    problems: problemsOf(still, sending),
    ...earlier,
  };
}

/** Undefined of a word that is the last one. What was received before the finding was taken back singly is forgotten for good. */
function lateness(
  known: Finding,
  sent: SentFinding,
  sending: Sending,
): Pick<NextFinding, 'problems' | 'earlier'> | undefined {
  if (known.takenBackAt !== undefined && sending.at < known.takenBackAt) return { problems: [OVERTAKEN] };
  if (known.state === FindingState.WITHDRAWN) return undefined;
  const { state, facts, statedAt: at } = known;
  const { occurredOn } = sent.facts;
  if (!isBehind({ state, occurredOn, at: sending.at }, { state, occurredOn: facts.occurredOn, at })) return undefined;
  return {
    problems: [occurredOn < facts.occurredOn ? EARLIER_DAY : OVERTAKEN],
    ...beneath(known, sent, sending),
  };
}

/** A word that comes late is kept beneath a batch, which may be taken back; a push is for good, and nothing beneath it counts again. */
function beneath(known: Finding, { facts }: SentFinding, { batchId, at, by }: Sending): Pick<NextFinding, 'earlier'> {
  if (known.statedInBatch === undefined || known.statedInBatch === batchId) return {};
  return { earlier: { batchId, state: FindingState.RAISED, facts, withdrawnReason: undefined, at, by } };
}

/** What a batch overtakes is kept, except where it says two things of one finding. */
function overtaken(known: Finding, { batchId }: Sending): Pick<NextFinding, 'earlier'> {
  const { statedInBatch, state, facts, withdrawnReason, statedAt: at, statedBy: by } = known;
  if (batchId === undefined) return statedInBatch === undefined ? {} : { earlier: 'nothing' };
  if (statedInBatch === batchId || isVoid(known)) return {};
  return { earlier: { batchId: statedInBatch, state, facts, withdrawnReason, at, by } };
}

function sameHousehold(known: Match, match: Match): boolean {
  return isMatched(known) && isMatched(match) && known.householdId === match.householdId;
}

function raised(
  known: Finding | undefined,
  identity: string,
  sent: SentFinding,
  match: Match,
  sending: Sending,
  epoch: number,
): NextFinding {
  const { department, at, by, area, batchId } = sending;
  const wasMatched = known !== undefined && isMatched(known.match);
  return {
    finding: {
      findingId: known?.findingId ?? identity,
      identity,
      revision: nextRevision(epoch, known?.revision),
      department,
      named: sent.named,
      facts: factsFor(sent.facts, match),
      state: FindingState.RAISED,
      match,
      area,
      batchId,
      statedInBatch: batchId,
      statedAt: at,
      statedBy: by,
      withdrawnReason: undefined,
      takenBackAt: known?.takenBackAt,
      createdAt: known?.createdAt ?? at,
      updatedAt: at,
    },
    outcome: !isMatched(match) ? 'unmatched' : wasMatched ? 'updated' : 'accepted',
    stored: true,
    published: isMatched(match),
    problems: problemsOf(match, sending),
  };
}

/** A person whom the register knows as a main earner is one, whether the department says so or not. */
export function factsFor(facts: FindingFacts, match: Match): FindingFacts {
  return isMatched(match) && match.mainEarner === true ? { ...facts, ofEarner: true } : facts;
}

function problemsOf(match: Match, { area }: Sending): readonly Problem[] {
  if (!isMatched(match)) return [unmatchedProblems[match.unmatched]];
  return isWithin(match.dutyCode, area) ? [] : [ELSEWHERE];
}
