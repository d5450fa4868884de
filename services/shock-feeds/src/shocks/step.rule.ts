/** What a new revision of a shock means to those who follow it: forecast → observed → extended, escalated, eased → ended. */
import type { ShockState } from './shock.js';

export const steps = [
  'accepted',
  'recorded',
  'observed',
  'escalated',
  'eased',
  'extended',
  'updated',
  // An officer applied another policy version to it; what was said of it is the same.
  'rejudged',
  'reopened',
  'ended',
  'cancelled',
] as const;
export type Step = (typeof steps)[number];

export interface StepFacts {
  readonly state: ShockState;
  readonly observed: boolean;
  readonly level: number;
  readonly expires: Date | null;
}

/** The weightiest change that lies between two revisions. */
export function stepOf(before: StepFacts, after: StepFacts): Step {
  if (after.state !== before.state)
    return after.state === 'open' ? 'reopened' : after.state === 'ended' ? 'ended' : 'cancelled';
  if (after.observed && !before.observed) return 'observed';
  if (after.level !== before.level) return after.level > before.level ? 'escalated' : 'eased';
  const later = (after.expires?.getTime() ?? Infinity) - (before.expires?.getTime() ?? Infinity);
  return later > 0 ? 'extended' : 'updated';
}
