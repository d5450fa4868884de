/**
 * How one alert counts for its episode, over its revisions and over time. Pure. What it says rises at once; a lower figure
 * counts only once it has stood for the policy's days; a withdrawal counts at once, because the danger was never there, and so does
 * a check that found none, as the dismissal of a case is; an alert whose case has ended otherwise, or that nobody renewed, stops counting
 * after the policy's days. While a case of it is open it does not pass, and one whose case is opened again counts again.
 */
import type { EpisodeLife } from '@fangpin/policy';

export interface AlertRevision {
  readonly revision: number;
  readonly raised: boolean;
  /** 1 blue … 4 red. */
  readonly severity: number;
}

export interface FollowedAlert extends AlertRevision {
  /** The severity that counts; 0 for nothing. */
  readonly held: number;
  /** The highest severity said since it fell below what is held; 0 where it did not. */
  readonly lower: number;
  readonly lowerSinceMs: number | null;
  /** Up to this revision it is answered by a case that has ended. */
  readonly closedRevision: number | null;
  /** A case that answers it is open: then it stands, however long nobody renews it. */
  readonly caseOpen: boolean;
  /** Up to this severity a check without risk answers it; null where none does. */
  readonly checkedUpTo: number | null;
  /** Of the last check heard of it: what is said under a lower one is older. */
  readonly checkRevision: number | null;
  readonly goneSinceMs: number | null;
  /** When it was last raised. */
  readonly raisedMs: number;
}

/** What a check found of an alert. */
export interface CheckSaid {
  /** Of the item on the check list. */
  readonly revision: number;
  /** The worst severity that it answers for; 0 for none. */
  readonly upTo: number;
}

/** What became of the case that answers an alert. */
export interface CaseSaid {
  /** Up to which revision it has ended the alert; null where it is open. */
  readonly closedRevision: number | null;
  /** It was dismissed: somebody has looked, and found no risk. Or its household has left. */
  readonly atOnce: boolean;
}

export type EndedWhy = 'recalled' | 'answered' | 'checked-no-risk' | 'household-left' | 'passed';

const WORST_SEVERITY = 4;

const DAY_MS = 86_400_000;

/** The alert after one more revision of it; a revision known, or older than one known, changes nothing. */
export function follow(
  before: FollowedAlert | undefined,
  said: AlertRevision,
  atMs: number,
  life: EpisodeLife,
): FollowedAlert {
  if (before !== undefined && said.revision <= before.revision) return before;
  const known = before === undefined ? undefined : letPass(before, atMs, life);
  const closedRevision = known?.closedRevision ?? null;
  const checkRevision = known?.checkRevision ?? null;
  const caseOpen = known?.caseOpen ?? false;
  const asked = { closedRevision, caseOpen, checkRevision, checkedUpTo: null };
  const still = { lower: 0, lowerSinceMs: null, goneSinceMs: null, ...asked };
  if (!said.raised) return { ...said, ...still, held: 0, raisedMs: known?.raisedMs ?? atMs };
  const checkedUpTo = known?.checkedUpTo ?? 0;
  if (checkedUpTo >= said.severity) return { ...said, ...still, checkedUpTo, held: 0, raisedMs: atMs };
  const held = known?.held ?? 0;
  const goneSinceMs = isClosed(closedRevision, said.revision) ? (known?.goneSinceMs ?? atMs) : null;
  const raised = { ...said, ...still, goneSinceMs, raisedMs: atMs };
  if (said.severity >= held) return { ...raised, held: said.severity };
  return {
    ...raised,
    held,
    lower: Math.max(known?.lower ?? 0, said.severity),
    lowerSinceMs: known?.lowerSinceMs ?? atMs,
  };
}

/**
 * The alert once the case that answered it has ended: where that ends the risk at once it counts for nothing, as after a check without risk
 * (docs/adr/0030). Open again after the alert had stopped counting, it counts as it was last said, unless it was taken back or a check
 * without risk answers it.
 */
export function close(
  before: FollowedAlert,
  { closedRevision, atOnce }: CaseSaid,
  atMs: number,
  life: EpisodeLife,
): FollowedAlert {
  const known = letPass(before, atMs, life);
  const caseOpen = closedRevision === null;
  const closed = isClosed(closedRevision, known.revision);
  const stands = caseOpen && known.raised && known.checkedUpTo === null;
  const held = stands ? Math.max(known.held, known.severity) : known.held;
  const after = { ...known, held, closedRevision, caseOpen, goneSinceMs: closed ? (known.goneSinceMs ?? atMs) : null };
  return closed && atOnce ? { ...after, held: 0, lower: 0, lowerSinceMs: null } : after;
}

/**
 * The alert once a household was checked: without risk it counts for nothing at once, because the danger is not there, and does
 * not until it is raised worse than the check answers for. A check older than one heard changes nothing.
 */
export function check(before: FollowedAlert, said: CheckSaid, atMs: number, life: EpisodeLife): FollowedAlert {
  if (said.revision < (before.checkRevision ?? 0)) return before;
  const known = { ...letPass(before, atMs, life), checkRevision: said.revision };
  if (said.upTo >= known.severity) return { ...known, checkedUpTo: said.upTo, held: 0, lower: 0, lowerSinceMs: null };
  // A risk was found where an earlier check had found none.
  const again = known.raised && known.checkedUpTo !== null;
  return { ...known, checkedUpTo: null, held: again ? known.severity : known.held };
}

const isClosed = (closedRevision: number | null, revision: number): boolean =>
  closedRevision !== null && closedRevision >= revision;

/** The alert after time alone, however long nobody looked. */
export function letPass(alert: FollowedAlert, nowMs: number, life: EpisodeLife): FollowedAlert {
  let now = alert;
  for (let due = dueMs(now, life); due !== null && due <= nowMs; due = dueMs(now, life)) {
    if (due >= endMs(now, life)) now = { ...now, held: 0, lower: 0, lowerSinceMs: null };
    else {
      // What was said since may be lower still: that has to stand its own time.
      const further = now.severity < now.lower;
      now = { ...now, held: now.lower, lower: further ? now.severity : 0, lowerSinceMs: further ? due : null };
    }
  }
  return now;
}

/** When time alone changes it next; null for never. */
export function dueMs(alert: FollowedAlert, life: EpisodeLife): number | null {
  if (alert.held === 0) return null;
  const eases = alert.lowerSinceMs === null ? Infinity : alert.lowerSinceMs + life.easeAfterDays * DAY_MS;
  const due = Math.min(eases, endMs(alert, life));
  return due === Infinity ? null : due;
}

function endMs(alert: FollowedAlert, life: EpisodeLife): number {
  const { goneSinceMs, caseOpen } = alert;
  const answered = goneSinceMs === null ? Infinity : goneSinceMs + life.endAfterDays * DAY_MS;
  return Math.min(answered, caseOpen ? Infinity : passesMs(alert, life));
}

/** When an alert passes that nobody answers or renews. */
export function passesMs({ raisedMs }: Pick<FollowedAlert, 'raisedMs'>, { standsDays }: EpisodeLife): number {
  return raisedMs + standsDays * DAY_MS;
}

/** What it says now: 0 where it is withdrawn, answered or over. */
export function standingSeverity({ raised, severity, held, goneSinceMs }: FollowedAlert): number {
  return raised && held > 0 && goneSinceMs === null ? severity : 0;
}

/** Why an alert that holds nothing stopped counting. */
export function whyGone({ raised, checkedUpTo, goneSinceMs }: FollowedAlert): EndedWhy {
  if (!raised) return 'recalled';
  // More than any check answers for (ChecksFound.answered_up_to): the register has said so, and nobody has looked.
  if (checkedUpTo !== null) return checkedUpTo > WORST_SEVERITY ? 'household-left' : 'checked-no-risk';
  return goneSinceMs === null ? 'passed' : 'answered';
}
