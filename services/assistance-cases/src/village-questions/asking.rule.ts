/** What a revision of a shock means to the villages: whether they are asked, asked again, or no longer asked. */
import { Lane, ShockEnd, ShockState } from '@fangpin/contracts';

/** What of a shock's revision decides. */
export interface ShockSaid {
  readonly revision: number;
  readonly lane: Lane;
  readonly state: ShockState;
  readonly endedBy: ShockEnd;
  /** The area that a damage report asks (`areaKey`); empty where its figures ask nobody. */
  readonly area: string;
}

export interface KnownAsking {
  readonly revision: number;
  /** Whether the last revision heard asks. */
  readonly asks: boolean;
  /** How often it has begun to ask. */
  readonly round: number;
  /** The area of a report that asks, or asked last; empty of a notice. */
  readonly area: string;
}

export type Move =
  | { readonly kind: 'ignore' }
  /** Nothing to ask and nothing to take back; only the revision is remembered. */
  | { readonly kind: 'note'; readonly round: number }
  /** A notice has ended: every village that is not asked yet in this round is asked. */
  | { readonly kind: 'ask'; readonly round: number }
  /** A report: what it no longer asks is withdrawn, and who has not been asked by it is. */
  | { readonly kind: 'ask-by-report'; readonly round: number }
  /** Who was asked by the report still is, and nobody else. */
  | { readonly kind: 'stay'; readonly round: number }
  /** What is not answered is no longer asked. */
  | { readonly kind: 'withdraw'; readonly round: number };

const CALLED_OFF: readonly ShockEnd[] = [ShockEnd.CANCELLED, ShockEnd.TAKEN_OVER];

const overByItself = ({ state, endedBy }: Pick<ShockSaid, 'state' | 'endedBy'>): boolean =>
  state === ShockState.ENDED && !CALLED_OFF.includes(endedBy);

/** A notice that is over by itself asks. One that was called off asks nobody; what took it over asks for itself. */
export function asks(said: Omit<ShockSaid, 'revision' | 'area'>): boolean {
  return said.lane === Lane.NOTICE && overByItself(said);
}

/**
 * A higher revision holds and all others change nothing, so repeats and order do no harm: an ended notice may be the first
 * that is heard of it. One that opens again withdraws what is unanswered; when it ends again it asks anew, also those who
 * had answered 未受灾, for their answer was about the time before. A report asks while it is open; its end leaves that as it is, and one
 * that is over when it is first heard of asks nobody about what is long past. Another area begins another round.
 */
export function decide(known: KnownAsking | undefined, said: ShockSaid): Move {
  if (known !== undefined && said.revision <= known.revision) return { kind: 'ignore' };
  const round = known?.round ?? 0;
  const asked = known?.asks ?? false;
  if (asks(said)) return { kind: 'ask', round: asked ? round : round + 1 };
  const area = asked ? (known?.area ?? '') : '';
  if (said.area !== '') {
    if (said.state === ShockState.OPEN)
      return said.area === area ? { kind: 'stay', round } : { kind: 'ask-by-report', round: round + 1 };
    if (area !== '' && overByItself(said)) return { kind: 'stay', round };
  }
  return asked ? { kind: 'withdraw', round } : { kind: 'note', round };
}
