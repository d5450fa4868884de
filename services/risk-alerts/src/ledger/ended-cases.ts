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
