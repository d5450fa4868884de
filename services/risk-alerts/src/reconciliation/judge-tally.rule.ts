/** What a reply of assistance-cases means (docs/adr/0024, docs/adr/0042). Pure. */

export interface TallySeen {
  /** What this service holds now, after the answers that came before the reply. */
  readonly own: { readonly households: number; readonly hash: string };
  readonly theirs: { readonly households: number; readonly hash: string };
  /** What checks answer for is the same on both sides, or is not compared. */
  readonly checksAgree: boolean;
  readonly unanswered: number;
  readonly strangers: number;
  /** The reply to the first question agreed with it, and nothing was published again since. */
  readonly untouched: boolean;
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
}

export type TallyVerdict =
  | { readonly kind: 'agreed' }
  | { readonly kind: 'mended' }
  /** Publish the unanswered alerts again, and ask again later. */
  | { readonly kind: 'again' }
  | { readonly kind: 'alarm'; readonly because: 'never-alerted' | 'still-differs' };

export function judgeTally(seen: TallySeen): TallyVerdict {
  const { own, theirs, checksAgree, unanswered, strangers, untouched, round, rounds } = seen;
  const equal = own.households === theirs.households && own.hash === theirs.hash;
  if (equal && checksAgree && unanswered === 0) {
    // The same on both sides and yet without an alert here: nothing that is said again can mend that.
    if (strangers > 0) return { kind: 'alarm', because: 'never-alerted' };
    return { kind: untouched ? 'agreed' : 'mended' };
  }
  return round < rounds ? { kind: 'again' } : { kind: 'alarm', because: 'still-differs' };
}
