/**
 * Whether a shock waits for an officer's word (architecture §4.3; policy `confirm-over`). Pure. What an officer has confirmed holds for later
 * revisions too, as long as they reach no more households than that and a share more, and are no graver than what was seen. Places count: as many households
 * somewhere else are not those that the officer spoke of.
 */
import type { ConfirmOver } from '@fangpin/policy';

/** How far a revision goes. */
export interface Reach {
  /** Households that it might touch. */
  readonly households: number;
  /** 1 blue … 4 red, 0 where none is stated. */
  readonly level: number;
}

/** How far a revision goes that may go by an earlier confirmation. */
export interface LaterReach extends Reach {
  /** Households that have something where the confirmed revision did not reach. */
  readonly beyond: number;
}

/** What an officer has seen and confirmed. */
export interface Confirmation extends Reach {
  readonly by: string;
  readonly revision: number;
}

/** Over the set size for the first time; more households than were confirmed, or too many others; or graver than what was confirmed. */
export type WhyAsked = 'over-set-size' | 'reaches-more' | 'level-higher';

/**
 * Undefined where it goes on by itself. `confirmed`: the last confirmation of an earlier revision. A level that is higher asks
 * again, at however few households more: it decides what share is lost, and with it who gets a case. One stated for the first time does too.
 */
export function whyAsked(reach: LaterReach, rule: ConfirmOver, confirmed: Reach | undefined): WhyAsked | undefined {
  if (reach.households <= rule.households) return undefined;
  if (confirmed === undefined) return 'over-set-size';
  if (reach.level > confirmed.level) return 'level-higher';
  // A version from before the share was kept lets through no household more.
  const mayGrowBy = confirmed.households * (rule.mayGrowByShare ?? 0);
  const grown = reach.households > confirmed.households + mayGrowBy;
  return grown || reach.beyond > mayGrowBy ? 'reaches-more' : undefined;
}
