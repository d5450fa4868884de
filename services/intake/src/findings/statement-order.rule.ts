/**
 * Which of two words about one finding is the later one. Pure. A sheet that arrives late tells of an older state of the same thing: the word of
 * the later day counts, and of one day the one that was received later (docs/adr/0069).
 */
import { FindingState } from '@fangpin/contracts';
import type { Statement } from './finding.js';

/** Of a word: whether it raises or takes back, its day, and when it was received. */
export interface Word {
  readonly state: FindingState;
  readonly occurredOn: string;
  readonly at: Date;
}

/**
 * Whether `word` comes behind `other`. A withdrawal of the one finding is behind all that is kept beside it: what it took back is forgotten, so
 * that whatever stands beside it was said after it. Neither of two words of one day and moment is behind the other.
 */
export function isBehind(word: Word, other: Word): boolean {
  if (word.state !== other.state) return word.state === FindingState.WITHDRAWN;
  if (word.state === FindingState.RAISED && word.occurredOn !== other.occurredOn)
    return word.occurredOn < other.occurredOn;
  return word.at < other.at;
}

export const wordOf = ({ state, facts, at }: Statement): Word => ({ state, occurredOn: facts.occurredOn, at });
