/**
 * What one revision of an alert does (architecture §4.7 and recall). Pure: what is known of the alert and what came in, to
 * a move. A revision that is not higher than the known one does nothing, whatever it says; an outcome once given is kept,
 * except that a household on the check list becomes a case when it gets worse.
 */
import { checkItemStates } from '../check-items/check-item-states.js';
import { DROPPED } from './outcome.js';

export interface IncomingRevision {
  readonly revision: number;
  readonly withdrawn: boolean;
  /** 1–4; not looked at when withdrawn. */
  readonly severity: number;
}

interface AlertRow {
  readonly alertRevision: number;
}

/** Where an alert has left rows. More than one where it was listed first and became a case. */
export interface KnownAlert {
  /** The case that this alert opened. */
  opened?: AlertRow & { readonly outcome: number; acted: boolean };
  /** The case of another alert that this one was attached to. */
  attached?: AlertRow & { readonly outcome: number; readonly caseOrigin: number; acted: boolean };
  item?: AlertRow & {
    readonly outcome: number;
    state: number;
    readonly checkedSeverity: number | null;
    readonly remembered: boolean;
  };
  /** A withdrawal that came before its alert. */
  withdrawal?: AlertRow;
}

export type Place = 'opened' | 'attached' | 'item' | 'withdrawal';

export interface TriageBands {
  /** Severity from which an alert opens a case (policy `triage`); 5 = never. */
  readonly caseFrom: number;
  /** How many levels worse a household checked without risk must be to be checked again (policy `no-risk-memory-months`). */
  readonly worseByLevels: number;
}

export type Move =
  | { readonly kind: 'ignore' }
  /** Open a case, or attach to the household's open one; a check item still open is closed as `risk`. */
  | { readonly kind: 'open' }
  /** Put on the village's check list, again where it was there before. */
  | { readonly kind: 'list' }
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

export function decide(known: KnownAlert | undefined, incoming: IncomingRevision, bands: TriageBands): Move {
  const standing = known && standingPlace(known);
  if (known === undefined || standing === undefined) return incoming.withdrawn ? REMEMBER : enter(incoming, bands);
  if (incoming.revision <= standing.alertRevision) return IGNORE;
  const { place } = standing;
  if (place === 'withdrawal') return incoming.withdrawn ? REMEMBER : enter(incoming, bands);
  if (incoming.withdrawn) return { kind: 'withdraw', place, acted: hasActed(known, place) };
  if (known[place]?.outcome === DROPPED) return enter(incoming, bands);
  return place === 'item' ? decideOnItem(known, incoming, bands) : { kind: 'keep', place };
}

const enter = ({ severity }: IncomingRevision, { caseFrom }: TriageBands): Move => (severity >= caseFrom ? OPEN : LIST);

/**
 * Up to which severity an alert on an item that was found without risk at `checkedSeverity` asks for no visit: one that is no
 * worse never does, one that is worse only from the case band on, or once it is so many levels worse.
 */
export function answeredUpTo(checkedSeverity: number, { caseFrom, worseByLevels }: TriageBands): number {
  return Math.max(checkedSeverity, Math.min(checkedSeverity + worseByLevels, caseFrom) - 1);
}

function decideOnItem({ item }: KnownAlert, { severity }: IncomingRevision, bands: TriageBands): Move {
  const foundWithoutRisk = item?.state === checkItemStates['no-risk'].code;
  // A finding that a dismissed case answers for stands in the case band already.
  const seenAsGrave = foundWithoutRisk && (item.checkedSeverity ?? 0) >= severity;
  if (severity >= bands.caseFrom && !seenAsGrave) return OPEN;
  const worse = severity >= (item?.checkedSeverity ?? severity) + bands.worseByLevels;
  return foundWithoutRisk && worse ? LIST : { kind: 'keep', place: 'item' };
}

/** Untouched is a clue without a step, or an item without a result; a remembered result is another item's. */
function hasActed(known: KnownAlert, place: Exclude<Place, 'withdrawal'>): boolean {
  if (place !== 'item') return known[place]?.acted ?? false;
  return known.item !== undefined && known.item.state !== checkItemStates.listed.code && !known.item.remembered;
}
