/**
 * Which known shock each computed fall is. A corrected price can move a fall's first day, and the shock must stay the same
 * one: equal first days match first, then spans that meet; what matches nothing was no fall after all.
 */
export interface KnownFall {
  readonly shockId: string;
  readonly from: string;
  readonly to: string;
}

export interface ComputedFall {
  readonly from: string;
  readonly latestDay: string;
}

export interface EpisodeMatch<E> {
  readonly pairs: readonly { readonly episode: E; readonly shockId?: string }[];
  /** Shocks that the prices no longer bear out. */
  readonly gone: readonly string[];
}

export function matchEpisodes<E extends ComputedFall>(
  episodes: readonly E[],
  known: readonly KnownFall[],
): EpisodeMatch<E> {
  const free = [...known].sort((a, b) => (a.from < b.from ? -1 : 1));
  const take = (fits: (fall: KnownFall) => boolean): string | undefined => {
    const at = free.findIndex(fits);
    return at < 0 ? undefined : free.splice(at, 1)[0]?.shockId;
  };
  const exact = new Map(episodes.map((episode) => [episode, take((fall) => fall.from === episode.from)]));
  const pairs = episodes.map((episode) => {
    const shockId = exact.get(episode) ?? take((fall) => fall.from <= episode.latestDay && fall.to >= episode.from);
    return { episode, ...(shockId === undefined ? {} : { shockId }) };
  });
  return { pairs, gone: free.map((fall) => fall.shockId) };
}
