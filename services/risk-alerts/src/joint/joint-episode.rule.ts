/**
 * The episode of a joint alert that adds up losses which were held back: they raised no alert and feed no episode, so that without it
 * nobody would be asked to tell the household (docs/adr/0071). Pure. It goes with the alert: its how-many-eth is the alert's own, it
 * opens, rises, eases and ends with it.
 */
import { endedWhyOf, type Episode, type JudgedEpisode } from '../episodes/episode.rule.js';
import { whyGone, type EndedWhy } from '../episodes/followed-alert.rule.js';
import type { Looked } from './joint-parts.js';
import type { JointRow } from './joint-rows.js';

/** A household that was looked at, with how its joint alert stands from now on. */
export interface JointChange {
  readonly one: Looked;
  readonly row: Pick<JointRow, 'ordinal' | 'state' | 'severity' | 'revision' | 'lowerSinceMs' | 'members'>;
}

/** `before`: the episode of this very alert. Undefined where it has none, and needs none. */
export function jointEpisodeAfter(
  before: Episode | undefined,
  { one, row }: JointChange,
  atMs: number,
): JudgedEpisode | undefined {
  if (row.state !== 'raised') return before?.state === 'open' ? ended(before, one, atMs) : undefined;
  if (before === undefined && !addsHeldBack(one, row)) return undefined;
  const said = before === undefined || one.last?.revision !== row.revision;
  const episode: Episode = {
    ordinal: row.ordinal,
    state: 'open',
    openedMs: before?.openedMs ?? atMs,
    severity: row.severity,
    peak: Math.max(before?.peak ?? 0, row.severity),
    lastRaisedMs: said ? atMs : before.lastRaisedMs,
    easingSinceMs: row.lowerSinceMs,
    ...{ endedMs: null, endedWhy: null },
    alerts: 1,
  };
  return { episode, step: stepBetween(before, episode, said) };
}

function stepBetween(before: Episode | undefined, after: Episode, said: boolean): JudgedEpisode['step'] {
  if (before === undefined) return 'opened';
  if (after.severity > before.severity) return 'escalated';
  if (after.severity < before.severity) return 'eased';
  if (after.easingSinceMs !== null && before.easingSinceMs === null) return 'easing';
  return said ? 'reissued' : undefined;
}

function addsHeldBack({ heldBack }: Looked, { members }: JointChange['row']): boolean {
  return heldBack.some(({ goneWhy, origin }) => goneWhy === null && members.includes(origin));
}

function ended(before: Episode, one: Looked, endedMs: number): JudgedEpisode {
  const endedWhy = endedWhyOf(whysGone(one));
  return { episode: { ...before, state: 'ended', severity: 0, easingSinceMs: null, endedMs, endedWhy }, step: 'ended' };
}

const HELD_BACK_GONE = { recalled: 'recalled', answered: 'answered', checked: 'checked-no-risk' } as const;

/** Why each of the parts that stand no more stopped counting; none where they only take less. */
function whysGone({ household, heldBack, last, standing }: Looked): EndedWhy[] {
  const members = new Set(last?.members);
  for (const { origin } of standing) members.delete(origin);
  const losses = new Map(heldBack.map((loss) => [loss.origin, loss.goneWhy]));
  const alerts = new Map(household.risks.alerts().map((alert) => [alert.origin, alert]));
  return [...members].map((origin): EndedWhy => {
    const why = losses.get(origin);
    if (why !== undefined) return why === null ? 'passed' : HELD_BACK_GONE[why];
    const alert = alerts.get(origin);
    return alert === undefined ? 'passed' : whyGone(alert);
  });
}
