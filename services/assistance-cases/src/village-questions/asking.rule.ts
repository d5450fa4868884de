/** What a revision of a shock means to the villages: whether they are asked, asked again, or no longer asked. */
import { Lane, ShockEnd, ShockState } from '@fangpin/contracts';

/** What of a shock's revision decides. */
export interface ShockSaid {
  readonly revision: number;
  readonly lane: Lane;
  readonly state: ShockState;
  readonly endedBy: ShockEnd;
}

export interface KnownAsking {
  readonly revision: number;
  /** Whether the last revision heard asks. */
  readonly asks: boolean;
  /** How often it has begun to ask. */
  readonly round: number;
}

export type Move =
  | { readonly kind: 'ignore' }
  /** Nothing to ask and nothing to take back; only the revision is remembered. */
  | { readonly kind: 'note'; readonly round: number }
  /** Every village that is not asked yet in this round is asked. */
  | { readonly kind: 'ask'; readonly round: number }
  /** What is not answered of this round is no longer asked. */
  | { readonly kind: 'withdraw'; readonly round: number };

const CALLED_OFF: readonly ShockEnd[] = [ShockEnd.CANCELLED, ShockEnd.TAKEN_OVER];

/** A notice that is over by itself asks. One that was called off asks nobody; what took it over asks for itself. */
export function asks({ lane, state, endedBy }: Omit<ShockSaid, 'revision'>): boolean {
  return lane === Lane.NOTICE && state === ShockState.ENDED && !CALLED_OFF.includes(endedBy);
}

/**
 * A higher revision holds and all others change nothing, so repeats and order do no harm: an ended notice may be the first
 * that is heard of it. One that opens again withdraws what is unanswered; when it ends again it asks anew, also those who
 * had answered 未受灾, for their answer was about the time before.
 */
export function decide(known: KnownAsking | undefined, said: ShockSaid): Move {
  if (known !== undefined && said.revision <= known.revision) return { kind: 'ignore' };
  const round = known?.round ?? 0;
  const asked = known?.asks ?? false;
  if (asks(said)) return { kind: 'ask', round: asked ? round : round + 1 };
  return asked ? { kind: 'withdraw', round } : { kind: 'note', round };
}
