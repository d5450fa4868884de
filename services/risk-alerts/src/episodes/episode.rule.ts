/**
 * How the risk of one household and cause stands, from the alerts that feed it. Pure. The alerts keep their own time
 * (followed-alert.rule.ts); the episode is the worst of them, so it does not matter in which order those of several shocks come.
 */
import type { EpisodeLife } from '@fangpin/policy';
import { standingSeverity, whyGone, type EndedWhy, type FollowedAlert } from './followed-alert.rule.js';

export const episodeSteps = [
  'opened',
  'reissued',
  'escalated',
  'easing',
  'eased',
  'ended',
  'reopened',
  'told',
] as const;
export type EpisodeStep = (typeof episodeSteps)[number];

export interface Episode {
  /** Counts the episodes of a household and cause from 1. */
  readonly ordinal: number;
  readonly state: 'open' | 'ended';
  readonly openedMs: number;
  /** 1 blue … 4 red; 0 once ended. */
  readonly severity: number;
  readonly peak: number;
  readonly lastRaisedMs: number;
  /** Since when its alerts say less than counts; null where they do not. */
  readonly easingSinceMs: number | null;
  readonly endedMs: number | null;
  readonly endedWhy: EndedWhy | null;
  /** How many alerts feed it. */
  readonly alerts: number;
}

/** An alert with the episode that it fed last; null before the first. */
export type FeedingAlert = FollowedAlert & { readonly ordinal: number | null };

export interface JudgedEpisode {
  readonly episode: Episode | undefined;
  readonly step: Exclude<EpisodeStep, 'told'> | undefined;
}

const DAY_MS = 86_400_000;

/**
 * The last episode after something happened at a moment. `alerts`: all of the household and cause; `raised`: whether what
 * happened was an alert being raised anew. Alerts that hold something feed the episode that comes out.
 */
export function judgeEpisode(
  before: Episode | undefined,
  alerts: readonly FeedingAlert[],
  { atMs, raised, life }: { readonly atMs: number; readonly raised: boolean; readonly life: EpisodeLife },
): JudgedEpisode {
  const severity = alerts.reduce((worst, { held }) => Math.max(worst, held), 0);
  if (before?.state === 'open')
    return severity === 0 ? end(before, alerts, atMs) : goOn(before, alerts, severity, raised);
  if (severity === 0) return { episode: before, step: undefined };
  const again = isFresh(before, atMs, life) ? before : undefined;
  const ordinal = again?.ordinal ?? (before?.ordinal ?? 0) + 1;
  const members = membersOf(alerts, ordinal);
  const episode: Episode = {
    ordinal,
    state: 'open',
    openedMs: again?.openedMs ?? atMs,
    severity,
    peak: Math.max(again?.peak ?? 0, severity),
    lastRaisedMs: lastRaised(members, atMs),
    easingSinceMs: easingSince(alerts, severity),
    endedMs: null,
    endedWhy: null,
    alerts: members.length,
  };
  return { episode, step: again === undefined ? 'opened' : 'reopened' };
}

/** Whether what comes now belongs to an episode that has ended. */
function isFresh(before: Episode | undefined, atMs: number, { reissueWithinDays }: EpisodeLife): boolean {
  const endedMs = before?.endedMs ?? null;
  return endedMs !== null && atMs - endedMs <= reissueWithinDays * DAY_MS;
}

function goOn(before: Episode, alerts: readonly FeedingAlert[], severity: number, raised: boolean): JudgedEpisode {
  const members = membersOf(alerts, before.ordinal);
  const easingSinceMs = easingSince(alerts, severity);
  const episode: Episode = {
    ...before,
    severity,
    peak: Math.max(before.peak, severity),
    lastRaisedMs: lastRaised(members, before.lastRaisedMs),
    easingSinceMs,
    alerts: members.length,
  };
  return { episode, step: stepBetween(before, episode, raised) };
}

function stepBetween(before: Episode, after: Episode, raised: boolean): JudgedEpisode['step'] {
  if (after.severity > before.severity) return 'escalated';
  if (after.severity < before.severity) return 'eased';
  if (after.easingSinceMs !== null && before.easingSinceMs === null) return 'easing';
  return raised ? 'reissued' : undefined;
}

/** Where its alerts ended in several ways: the first of these says the most. */
const ENDS_BY = ['answered', 'checked-no-risk', 'household-left'] as const;

/** Why it has ended, by why each of its alerts has. */
export function endedWhyOf(whys: readonly EndedWhy[]): EndedWhy {
  if (whys.every((why) => why === 'recalled')) return 'recalled';
  return ENDS_BY.find((why) => whys.includes(why)) ?? 'passed';
}

function end(before: Episode, alerts: readonly FeedingAlert[], atMs: number): JudgedEpisode {
  const members = membersOf(alerts, before.ordinal);
  const endedWhy = endedWhyOf(members.map(whyGone));
  const ended = { severity: 0, easingSinceMs: null, endedMs: atMs, endedWhy, alerts: members.length } as const;
  return { episode: { ...before, ...ended, state: 'ended' }, step: 'ended' };
}

function membersOf(alerts: readonly FeedingAlert[], ordinal: number): readonly FeedingAlert[] {
  return alerts.filter((alert) => alert.held > 0 || alert.ordinal === ordinal);
}

function lastRaised(members: readonly FeedingAlert[], otherwiseMs: number): number {
  const raised = members.filter(({ held }) => held > 0).map(({ raisedMs }) => raisedMs);
  return raised.length === 0 ? otherwiseMs : Math.max(...raised);
}

/** Since when all alerts that would carry the severity say less; null while one of them still says it. */
function easingSince(alerts: readonly FeedingAlert[], severity: number): number | null {
  if (alerts.some((alert) => standingSeverity(alert) >= severity)) return null;
  const since = alerts
    .filter(({ held }) => held === severity)
    .map(({ lowerSinceMs, goneSinceMs, raisedMs }) => lowerSinceMs ?? goneSinceMs ?? raisedMs);
  return since.length === 0 ? null : Math.max(...since);
}
