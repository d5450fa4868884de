/** What it means that a shock touches households that nobody has judged (docs/adr/0051). Pure. */

export interface MissedSeen {
  /** Touched now, neither alerted nor withheld under the shock's revision, and not waiting for a look. */
  readonly unexplained: number;
  /** Likewise, but the household has changed, or was asked for, and waits to be looked at. */
  readonly queued: number;
  /** The most that were unexplained in an earlier round of this comparison. */
  readonly found: number;
  /** Of this look, from 1. */
  readonly round: number;
  readonly rounds: number;
}

/** `again`: have the unexplained looked at, and compare again later; `left`: they still wait in the queue, the next comparison goes on. */
export type MissedVerdict = 'agreed' | 'mended' | 'again' | 'left' | 'alarm';

export function judgeMissed({ unexplained, queued, found, round, rounds }: MissedSeen): MissedVerdict {
  if (unexplained + queued === 0) return found === 0 ? 'agreed' : 'mended';
  if (round < rounds) return 'again';
  return unexplained > 0 ? 'alarm' : 'left';
}
