/** How a revision of a shock stands to those before it. Pure. */
import { Lane, ShockState, type Shock } from '@fangpin/contracts';

/** Whether it only takes back: it is called off, or has left the alert lane. */
export const takesBack = ({ lane, state }: Shock): boolean => lane !== Lane.ALERT || state === ShockState.CANCELLED;

/**
 * Whether it leaves standing what was said before, and may add to it: the word that it is over. Any other says all anew, as one of a policy
 * applied backwards does too: what came before need not be judged any more.
 */
export const addsOnly = (shock: Shock): boolean =>
  !takesBack(shock) && shock.state === ShockState.ENDED && !shock.policyAppliedBackwards;
