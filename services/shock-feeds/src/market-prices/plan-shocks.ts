/** What becomes of the shocks of one series when its cases are known: born, followed, ended, recalled. Reads no database. */
import { ShockEntity } from '../shocks/shock.entity.js';
import { shockIdOf } from '../shocks/shock-id.js';
import { contentOf, type ShockDraft, type ShockWrite } from '../shocks/shock-store.js';
import { matchEpisodes } from './match-episodes.rule.js';
import { isNews } from './news.rule.js';
import type { PriceCase } from './price-case.rule.js';
import type { PricePolicy, Series } from './price-policy.js';
import { priceShock } from './price-shock.js';

export interface Planned {
  /** Absent where nothing changes. */
  readonly write?: ShockWrite;
  readonly known?: ShockEntity;
  readonly endedOn?: string;
  /** A price that is no news lets a known shock live on until then. */
  readonly livesUntil?: Date | null;
}

export interface SeriesShocks {
  readonly series: Series;
  readonly policy: PricePolicy;
  readonly policyVersion: string;
  /** Every shock that the series ever had. */
  readonly stored: readonly ShockEntity[];
  readonly at: Date;
}

/** One plan for each case and for each shock that the prices no longer bear out. */
export function planShocks(cases: readonly PriceCase[], context: SeriesShocks): Planned[] {
  const { stored, at } = context;
  const byId = new Map(stored.map((shock) => [shock.shockId, shock]));
  const { pairs, gone } = matchEpisodes(
    cases,
    stored.map(({ shockId, price }) => ({ shockId, from: price?.fromDay ?? '', to: price?.latestDay ?? '' })),
  );
  const identities = new Set(stored.map(({ identity }) => identity));
  const followed = pairs.map(({ episode, shockId }): Planned => {
    const known = shockId === undefined ? undefined : byId.get(shockId);
    const ended = episode.endedOn === undefined ? {} : { endedOn: episode.endedOn };
    return { ...ended, ...follow(episode, known, identities, context) };
  });
  return [...followed, ...gone.map((shockId) => recall(byId.get(shockId) as ShockEntity, at))];
}

/**
 * What the prices say of shocks that they already have, under another version of the policy: a draft for each; called off where
 * they no longer bear it out. Also what is no news: the version itself is.
 */
export function draftsAnew(
  cases: readonly PriceCase[],
  { series, policy, policyVersion, stored, at }: SeriesShocks,
): ReadonlyMap<string, ShockDraft> {
  const { pairs, gone } = matchEpisodes(
    cases,
    stored.map(({ shockId, price }) => ({ shockId, from: price?.fromDay ?? '', to: price?.latestDay ?? '' })),
  );
  const drafts = new Map<string, ShockDraft>();
  for (const { episode, shockId } of pairs) {
    if (shockId === undefined) continue;
    const draft = draftOf(episode, priceShock(series, episode, policy, policyVersion));
    const known = stored.find((one) => one.shockId === shockId);
    const due = draft.endsDueAt !== null && draft.endsDueAt <= at;
    drafts.set(shockId, due && hasFallenSilent(known) ? silent(draft) : draft);
  }
  for (const known of stored) {
    if (!gone.includes(known.shockId)) continue;
    const content = { ...contentOf(known), policyVersion };
    drafts.set(known.shockId, calledOff(content, '按现行政策重新研判，价格不再构成冲击'));
  }
  return drafts;
}

function follow(
  found: PriceCase,
  known: ShockEntity | undefined,
  identities: Set<string>,
  { series, policy, policyVersion, at }: SeriesShocks,
): Planned {
  const content = priceShock(series, found, policy, policyVersion);
  const said = draftOf(found, content);
  const sameSilence = hasFallenSilent(known) && known?.endsDueAt?.getTime() === said.endsDueAt?.getTime();
  const draft = sameSilence ? silent(said) : said;
  // What is over before it is first known is history: it is kept, and no follower looks at today's households for it.
  const publish = content.regions.length > 0 && draft.state === 'open';
  if (known === undefined) {
    const identity = freeIdentity(`price:${series.product}:${series.market}:${found.from}`, identities);
    const born = { shockId: shockIdOf(identity), identity, origin: 'price' } as const;
    return { write: { born, draft, change: { at, cause: 'accepted', publish } } };
  }
  // What an officer called off stays off: the prices were known to them.
  if (known.cancelledBy === 'officer') return { known };
  const step = policy.series(content.judgedOn)?.reviseShare;
  const ends = draft.state === 'ended' && !sameSilence;
  const news = ends || known.state !== draft.state || isNews(contentOf(known), content, step);
  if (!news) return { known, livesUntil: draft.endsDueAt };
  const cause = draft.state === 'ended' ? 'ended' : 'updated';
  return { known, write: { before: known, draft, change: { at, cause, publish } } };
}

/** As its prices say: one that has long been silent is open too, as it was when it spoke; the clock ends it (end-overdue-shocks.ts). */
function draftOf({ endedOn, endedBy, silentOn }: PriceCase, content: ShockDraft['content']): ShockDraft {
  const startOf = (day: string): Date => new Date(`${day}T00:00:00+08:00`);
  if (endedOn === undefined)
    return { content, state: 'open', endsDueAt: silentOn === undefined ? null : startOf(silentOn) };
  const at = startOf(endedOn);
  if (endedBy === 'silence') return { content, state: 'ended', endsDueAt: at, end: { by: 'expiry', at } };
  return { content, state: 'ended', endsDueAt: null, end: { by: 'hysteresis', at } };
}

function hasFallenSilent(known: ShockEntity | undefined): boolean {
  return known?.state === 'ended' && known.endedBy === 'expiry';
}

/** The same, over: the clock has ended it, and it has not spoken since. */
function silent(draft: ShockDraft): ShockDraft {
  if (draft.state !== 'open' || draft.endsDueAt === null) return draft;
  return { ...draft, state: 'ended', end: { by: 'expiry', at: draft.endsDueAt } };
}

function recall(known: ShockEntity, at: Date): Planned {
  if (known.state === 'cancelled') return { known };
  const draft = calledOff(contentOf(known), '价格更正后不再构成价格下跌');
  return { known, write: { before: known, draft, change: { at, cause: 'cancelled', publish: false } } };
}

function calledOff(content: ShockDraft['content'], cancelReason: string): ShockDraft {
  return { content, state: 'cancelled', endsDueAt: null, cancelledBy: 'correction', cancelReason };
}

/** A corrected first day keeps the shock's first identity, which another case may then want. */
function freeIdentity(wanted: string, taken: Set<string>): string {
  let identity = wanted;
  for (let n = 2; taken.has(identity); n += 1) identity = `${wanted}#${n}`;
  taken.add(identity);
  return identity;
}
