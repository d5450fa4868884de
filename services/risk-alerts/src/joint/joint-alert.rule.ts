/**
 * What becomes of the joint alert of a household when the alerts that it adds up have changed, or time has passed. Pure. What is
 * worse is said at once; what is less only once it has stood for the policy's days, unless a part was taken back: then the danger
 * is not there. Parts that a case has answered, or that are over, end it without a word: nothing was wrong with it. As long as an open case
 * keeps a part whose time is over, it stays as it is.
 */
import type { Cause } from '@fangpin/contracts';
import type { EpisodeLife } from '@fangpin/policy';

/** A joint alert that stands, as last looked at. */
export interface StandingJoint {
  /** 1 blue … 4 red. */
  readonly severity: number;
  /** In order of the alphabet. */
  readonly causes: readonly Cause[];
  /** Origins of the alerts that it adds up. */
  readonly members: readonly number[];
  /** How many of its alerts added something when it was said last; null for all of them, as of those said before that was kept. */
  readonly toldAdding: number | null;
  /** Since when they say less than it does; null while they do not. */
  readonly lowerSinceMs: number | null;
}

/** What the standing alerts of the household are together now. */
export interface JointNow {
  /** 0 where they raise nothing: fewer than two of them add something, or no worse together than the worst of them alone. */
  readonly severity: number;
  readonly causes: readonly Cause[];
  /** Origins of the alerts that add something to it. */
  readonly adding: readonly number[];
}

/**
 * What became of an alert that was added up: `gone` is answered by a case, or over; `recalled` was no danger, and need not wait; `kept` is
 * past the time that losses are added up over, and a risk still by its open case alone.
 */
export type MemberFate = 'stands' | 'kept' | 'gone' | 'recalled';

export type JointMove =
  | { readonly kind: 'none' }
  /** A new alert. */
  | { readonly kind: 'raise' }
  /** A higher revision of the alert. */
  | { readonly kind: 'revise' }
  | { readonly kind: 'withdraw' }
  /** It is over, and nothing is said: the case that answered its parts has answered it. */
  | { readonly kind: 'end' }
  /** It stands as it was; `lowerSinceMs` as in {@link StandingJoint}. */
  | { readonly kind: 'keep'; readonly lowerSinceMs: number | null };

const DAY_MS = 86_400_000;

export function moveJoint(
  before: StandingJoint | undefined,
  now: JointNow,
  fateOf: (origin: number) => MemberFate,
  atMs: number,
  life: EpisodeLife,
): JointMove {
  if (before === undefined) return { kind: now.severity > 0 ? 'raise' : 'none' };
  if (now.severity > before.severity) return { kind: 'revise' };
  if (now.severity === before.severity)
    return isOfTheSame(before, now) ? { kind: 'keep', lowerSinceMs: null } : { kind: 'revise' };
  const fates = new Set(before.members.map(fateOf));
  // It is less because time has passed, and the case that answers it is at work: what it was opened for is not taken back.
  if (fates.has('kept') && !fates.has('recalled')) return { kind: 'keep', lowerSinceMs: null };
  const lowerSinceMs = before.lowerSinceMs ?? atMs;
  const counts = fates.has('recalled') || atMs >= dueMs(lowerSinceMs, life);
  if (now.severity > 0) return counts ? { kind: 'revise' } : { kind: 'keep', lowerSinceMs };
  if (fates.has('recalled')) return { kind: 'withdraw' };
  if (fates.has('gone')) return { kind: 'end' };
  return counts ? { kind: 'withdraw' } : { kind: 'keep', lowerSinceMs };
}

/** When what has been said less since a moment counts. */
export function dueMs(lowerSinceMs: number, { easeAfterDays }: EpisodeLife): number {
  return lowerSinceMs + easeAfterDays * DAY_MS;
}

/**
 * As bad for the same causes, without an alert that has come in and adds something: a third patient is news, another bill of the first is not,
 * and not either that the bill of another office is the larger one by now. One that was there and added nothing is news when more of them
 * add something than was told: it is of somebody else than had been thought.
 */
function isOfTheSame(before: StandingJoint, now: JointNow): boolean {
  const isKnown = now.adding.every((origin) => before.members.includes(origin));
  const told = before.toldAdding ?? before.members.length;
  return before.causes.join() === now.causes.join() && isKnown && now.adding.length <= told;
}
