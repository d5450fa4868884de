/**
 * What one revision of an alert does (architecture §4.7 and recall). Pure: what is known of the alert and what came in, to
 * a move. A revision that is not higher than the known one does nothing, whatever it says; an outcome once given is kept,
 * except that a household on the check list becomes a case when it gets worse, that a check without risk answers for a while only, and that a check and a
 * case which has ended answer for no more than they knew: neither for a worse severity nor for much more of the same.
 */
import { monthsAfter } from '@fangpin/domain-kit';
import { checkItemStates } from '../check-items/check-item-states.js';
import { leavingOfItem } from '../register/left-states.js';
import { DROPPED, FLAGGED, isStanding } from './outcome.js';

export interface IncomingRevision {
  readonly revision: number;
  readonly withdrawn: boolean;
  /** 1–4; not looked at when withdrawn. */
  readonly severity: number;
  /** The last day that it speaks of, YYYY-MM-DD. */
  readonly speaksUntil: string;
  /** How much it tells of, on a scale of its subject. */
  readonly extent: number;
}

/** What somebody has looked at, or knew when it ended. */
interface Known {
  /** Of the alert then. */
  readonly severity: number;
  /** The extent from which on it answers no more; null where that was not stated. */
  readonly asksAgainFrom: number | null;
}

/** A check that found no risk, or the dismissal of a case. */
export interface Check extends Known {
  /** `YYYY-MM-DD`. */
  readonly checkedOn: string;
}

/** How a case has ended for an alert of it. */
export interface EndedCase {
  /** Of the alert as the case knew it. */
  readonly severity: number;
  /** By dismissal, which is a check without risk; `revision` is that of its result. Null where it ended in another way. */
  readonly check: (Check & { readonly revision: number }) | null;
  /** Because the household had left. */
  readonly left: boolean;
}

interface AlertRow {
  readonly alertRevision: number;
}

interface CaseRow extends AlertRow {
  readonly outcome: number;
  acted: boolean;
  /** As of {@link Known}, of the revision that the case was last to answer. */
  readonly asksAgainFrom: number | null;
  /** Undefined while the case is open. */
  ended?: EndedCase | undefined;
}

/** Where an alert has left rows. More than one where it was listed first and became a case, or where its case has ended. */
export interface KnownAlert {
  /** The case that this alert opened. */
  opened?: CaseRow;
  /** The case of another alert that this one was attached to. */
  attached?: CaseRow & { readonly caseOrigin: number };
  item?: AlertRow & {
    readonly outcome: number;
    state: number;
    checkedSeverity: number | null;
    /** Day of the check without risk that answers for it; null where none does. */
    readonly checkedOn: string | null;
    /** As of {@link Known}, of that check; of an item that none answers, of the revision that it stands at. */
    readonly asksAgainFrom: number | null;
    readonly remembered: boolean;
  };
  /** A withdrawal that came before its alert. */
  withdrawal?: AlertRow;
}

export type Place = 'opened' | 'attached' | 'item' | 'withdrawal';

/** How far a severity reaches. */
export interface TriageBands {
  /** Severity from which an alert opens a case (policy `triage`); 5 = never. */
  readonly caseFrom: number;
  /** How many levels worse a household checked without risk must be to be checked again (policy `no-risk-memory-months`). */
  readonly worseByLevels: number;
}

export interface TriageRules extends TriageBands {
  /** For how many months a check without risk answers (policy `no-risk-memory-months`). */
  readonly months: number;
}

export type Move =
  | { readonly kind: 'ignore' }
  /** Open a case, or attach to the household's open one; a check item still open is closed as `risk`. */
  | { readonly kind: 'open' }
  /** Put on the village's check list, again where it was there before. */
  | { readonly kind: 'list' }
  /** Its case was dismissed, and that answers for it still: put on the check list as answered. */
  | { readonly kind: 'answer' }
  /** Note the newer revision and severity where the alert stands. */
  | { readonly kind: 'keep'; readonly place: Exclude<Place, 'withdrawal'> }
  /** Withdraw where it stands; `acted`: somebody has done something about it already. */
  | { readonly kind: 'withdraw'; readonly place: Exclude<Place, 'withdrawal'>; readonly acted: boolean }
  /** A withdrawal of what never came: keep it, so that an earlier revision is ignored. */
  | { readonly kind: 'remember' };

const IGNORE: Move = { kind: 'ignore' };
const REMEMBER: Move = { kind: 'remember' };
const OPEN: Move = { kind: 'open' };
const LIST: Move = { kind: 'list' };
const ANSWER: Move = { kind: 'answer' };
/** At equal revisions the case comes before the item that it grew from. */
const PLACES: readonly Place[] = ['opened', 'attached', 'item', 'withdrawal'];

/** Where the alert stands now: its row of the highest revision. */
export function standingPlace(known: KnownAlert): { place: Place; alertRevision: number } | undefined {
  let best: { place: Place; alertRevision: number } | undefined;
  for (const place of PLACES) {
    const row = known[place];
    if (row !== undefined && (best === undefined || row.alertRevision > best.alertRevision))
      best = { place, alertRevision: row.alertRevision };
  }
  return best;
}

/** `today`: YYYY-MM-DD. */
export function decide(
  known: KnownAlert | undefined,
  incoming: IncomingRevision,
  rules: TriageRules,
  today: string,
): Move {
  const standing = known && standingPlace(known);
  if (known === undefined || standing === undefined) return incoming.withdrawn ? REMEMBER : enter(incoming, rules);
  if (incoming.revision <= standing.alertRevision) return IGNORE;
  const { place } = standing;
  if (place === 'withdrawal') return incoming.withdrawn ? REMEMBER : enter(incoming, rules);
  if (incoming.withdrawn) return { kind: 'withdraw', place, acted: hasActed(known, place) };
  if (known[place]?.outcome === DROPPED) return enter(incoming, rules);
  if (place === 'item') return decideOnItem(known, incoming, rules, today);
  const row = known[place];
  const ended = row?.ended;
  if (row === undefined || ended === undefined) return { kind: 'keep', place };
  if (ended.check !== null) return stillAnswers(ended.check, incoming, rules, today) ? ANSWER : enter(incoming, rules);
  // It was withdrawn when the case ended, so that nobody has answered it; or it stands worse than the case knew it.
  const knew = { severity: ended.severity, asksAgainFrom: row.asksAgainFrom };
  const unanswered = row.outcome === FLAGGED || isMore(knew, incoming, rules);
  return unanswered ? enter(incoming, rules) : { kind: 'keep', place };
}

const enter = ({ severity }: IncomingRevision, { caseFrom }: TriageBands): Move => (severity >= caseFrom ? OPEN : LIST);

/**
 * Up to which severity an alert that was found without risk at `checkedSeverity` asks for no visit: one that is no worse never does, one that is worse
 * only from the case band on, or once it is so many levels worse.
 */
export function answeredUpTo(checkedSeverity: number, { caseFrom, worseByLevels }: TriageBands): number {
  return Math.max(checkedSeverity, Math.min(checkedSeverity + worseByLevels, caseFrom) - 1);
}

/** Whether an alert stands worse than it was known, or tells of much more. */
function isMore(
  known: Known,
  { severity, extent }: Pick<IncomingRevision, 'severity' | 'extent'>,
  bands: TriageBands,
): boolean {
  return (
    severity > answeredUpTo(known.severity, bands) || (known.asksAgainFrom !== null && extent >= known.asksAgainFrom)
  );
}

/**
 * Whether a check without risk answers still: for the months of policy, unless the alert stands worse or tells of much more. After them only where it speaks of nothing since:
 * last year's storm, judged again by another policy, sends nobody out.
 */
export function stillAnswers(
  check: Check,
  incoming: Pick<IncomingRevision, 'severity' | 'speaksUntil' | 'extent'>,
  rules: TriageRules,
  today: string,
): boolean {
  if (isMore(check, incoming, rules)) return false;
  return monthsAfter(check.checkedOn, rules.months) >= today || incoming.speaksUntil <= check.checkedOn;
}

/**
 * What a move becomes where the household has left, by the register: nobody is asked to visit, so no case opens and the item that is listed is one
 * that has ended by that. An alert that stands where its household's leaving has ended it is noted there, and is asked when it comes back.
 */
export function whileAway(known: KnownAlert | undefined, move: Move): Move {
  if (move.kind !== 'open' && move.kind !== 'list') return move;
  const place = known && standingPlace(known)?.place;
  if (known === undefined || place === undefined || place === 'withdrawal') return LIST;
  const row = known[place];
  if (row === undefined || !isStanding(row.outcome)) return LIST;
  const endedByLeaving =
    place === 'item' ? leavingOfItem(known.item?.state ?? 0) !== undefined : known[place]?.ended?.left === true;
  return endedByLeaving ? { kind: 'keep', place } : LIST;
}

function decideOnItem({ item }: KnownAlert, incoming: IncomingRevision, rules: TriageRules, today: string): Move {
  const keep: Move = { kind: 'keep', place: 'item' };
  if (item?.state !== checkItemStates['no-risk'].code) return incoming.severity >= rules.caseFrom ? OPEN : keep;
  const { asksAgainFrom, checkedOn } = item;
  const check = { severity: item.checkedSeverity ?? incoming.severity, checkedOn: checkedOn ?? today, asksAgainFrom };
  return stillAnswers(check, incoming, rules, today) ? keep : enter(incoming, rules);
}

/** Whether somebody is to look at the alert after the move, or at work on it: no check and no case that has ended answers for it. */
export function asksForVisit(known: KnownAlert | undefined, move: Move): boolean {
  if (move.kind === 'open' || move.kind === 'list') return true;
  if (move.kind !== 'keep') return false;
  if (move.place === 'item') return known?.item?.state !== checkItemStates['no-risk'].code;
  return known?.[move.place]?.ended === undefined;
}

/** The highest revision of a result that ended a case of the alert: what is recorded or said of it later comes after. 0 where there is none. */
export function lastCheckRevision({ opened, attached }: KnownAlert): number {
  return Math.max(opened?.ended?.check?.revision ?? 0, attached?.ended?.check?.revision ?? 0);
}

/** Untouched is a clue without a step, or an item without a result; a remembered result is another item's, and that a household has left is the register's. */
function hasActed(known: KnownAlert, place: Exclude<Place, 'withdrawal'>): boolean {
  if (place !== 'item') return known[place]?.acted ?? false;
  const { item } = known;
  if (item === undefined || item.remembered) return false;
  return item.state !== checkItemStates.listed.code && leavingOfItem(item.state) === undefined;
}
