/** What assistance-cases made of an alert, as it is told; by the number in which the answer travels and is stored. */
import { TriageOutcome } from '@fangpin/contracts';

export const answerWords: Readonly<Record<number, string>> = {
  [TriageOutcome.OPENED]: 'opened',
  [TriageOutcome.ATTACHED]: 'attached',
  [TriageOutcome.LISTED]: 'listed',
  [TriageOutcome.PARKED]: 'parked',
  [TriageOutcome.DROPPED]: 'dropped',
  [TriageOutcome.FLAGGED]: 'flagged',
};
