/** States in which a case of assistance-cases no longer stands for a risk. */
export const ENDED_CASE_STATES: readonly string[] = [
  'removed',
  'tracked',
  'dismissed',
  'declined',
  'corrected-out',
  'household-dissolved',
  'ended-naturally',
  'moved-out',
  'withdrawn',
];

/** Those of them after which nothing is left of the risk: somebody has looked and found none, or nobody is there any more. */
export const ENDING_AT_ONCE: readonly string[] = ['dismissed', 'household-dissolved', 'moved-out'];
