/** What a finding says once the batch that stated it last is taken back: a pure function. */
import { isDeepStrictEqual } from 'node:util';
import { FindingState } from '@fangpin/contracts';
import { nextRevision } from '@fangpin/domain-kit';
import { isMatched, type Finding, type Match, type Statement } from './finding.js';
import { factsFor } from './next-finding.rule.js';

export interface TakingBack {
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
}

export interface WithoutBatch {
  readonly finding: Finding;
  /** Whether it is another revision, said on the bus. */
  readonly published: boolean;
}

/**
 * The finding as its last statement `before` that still stands has it; where there is none it is withdrawn, and void. `match` is
 * where the register finds its person now, for what it knows of the earner; the household itself stays. That says the same as
 * before is no revision.
 */
export function withoutBatch(
  known: Finding,
  before: Statement | undefined,
  match: Match,
  { reason, by, at }: TakingBack,
  epoch: number,
): WithoutBatch {
  const revision = nextRevision(epoch, known.revision);
  const published = isMatched(known.match);
  if (before === undefined) {
    const withdrawn = { state: FindingState.WITHDRAWN, withdrawnReason: reason, statedBy: by };
    return { finding: { ...known, ...withdrawn, revision, updatedAt: at }, published };
  }
  const { state, withdrawnReason, batchId } = before;
  const stated = { statedInBatch: batchId, statedAt: before.at, statedBy: before.by };
  const facts = factsFor({ ...known.facts, ...before.facts }, isOfSame(known.match, match) ? match : known.match);
  if (state === known.state && isDeepStrictEqual(facts, known.facts))
    return { finding: { ...known, ...stated }, published: false };
  return {
    finding: { ...known, ...stated, revision, facts, state, withdrawnReason, batchId, updatedAt: at },
    published,
  };
}

function isOfSame(known: Match, match: Match): boolean {
  return isMatched(known) && isMatched(match) && known.householdId === match.householdId;
}
