/** What another policy makes of findings, in numbers. */
import type { FindingDecision } from '../findings/decide-finding.rule.js';

export interface ApplicationCounts {
  readonly judged: number;
  /** With a new revision of their alert: raised anew, or in another colour. */
  readonly raised: number;
  /** Whose alert is taken back. */
  readonly withdrawn: number;
}

export const NO_COUNTS: ApplicationCounts = { judged: 0, raised: 0, withdrawn: 0 };

export function countsOf(decisions: readonly FindingDecision[]): ApplicationCounts {
  const raised = decisions.filter(({ raise }) => raise !== undefined).length;
  const withdrawn = decisions.filter(({ raise, withdraw }) => raise === undefined && withdraw.length > 0).length;
  return { judged: decisions.length, raised, withdrawn };
}

export function sumOfCounts(a: ApplicationCounts, b: ApplicationCounts): ApplicationCounts {
  return { judged: a.judged + b.judged, raised: a.raised + b.raised, withdrawn: a.withdrawn + b.withdrawn };
}
