import type { Problem } from '../cap/cap-message.js';
import type { Statement } from '../shocks/chain.rule.js';
import type { ShockOrigin } from '../shocks/shock.entity.js';
import type { Basis } from './basis.js';
import type { Received } from './received.js';

/** A message of any feed, read and judged, on its way to its shock. */
export interface StatementInHand {
  readonly origin: ShockOrigin;
  /** Of the content: a repeat of the key with another digest is noted and not taken. */
  readonly digest: Buffer;
  readonly received: Received;
  readonly statement: Statement;
  /** What the policy was applied to for it; absent where the message states all of it. */
  readonly basis?: Basis;
  /** It is history (expired, foreign, a test): outcome `recorded`, and nobody is told. */
  readonly recorded: boolean;
  readonly problems: readonly Problem[];
  /** When the messages that it refers to were sent, as it says itself; real feeds get it wrong. */
  readonly referredTimes?: readonly { readonly identity: string; readonly sent: Date }[];
}
