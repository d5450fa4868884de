/** Whether a fan-out that is being planned waits for an officer, or goes by what one has said of an earlier revision. */
import type { Tx } from '@fangpin/persistence';
import type { ConfirmOver } from '@fangpin/policy';
import type { ExposureTables } from '../exposure/exposure-sets.js';
import { candidatesBeyondSql } from '../exposure/touched.js';
import { whyAsked, type Confirmation, type WhyAsked } from './confirmation.rule.js';
import { earlierConfirmation } from './earlier-confirmation.js';
import type { FanOut } from './fan-out.js';

/** What is planned. */
interface Planned {
  readonly fanOut: FanOut;
  readonly tables: ExposureTables;
  readonly products: readonly number[];
}

export interface OfficersWord {
  /** Why an officer is asked … */
  readonly asked?: WhyAsked | undefined;
  /** … or whose word on an earlier revision it goes by; neither where nobody has to be asked. */
  readonly carried?: Confirmation | undefined;
}

/** `households`: how many it might touch. */
export async function officersWord(
  tx: Tx,
  { fanOut, tables, products }: Planned,
  households: number,
  rule: ConfirmOver,
): Promise<OfficersWord> {
  if (households <= rule.households || fanOut.confirmedBy !== null) return {};
  const earlier = await earlierConfirmation(tx, fanOut);
  const { shock } = fanOut;
  const [other] =
    earlier === undefined
      ? []
      : await tx.query<{ households: number }>(candidatesBeyondSql(tables, shock, earlier.seen, products));
  const reach = { households, level: shock.level, beyond: other?.households ?? 0 };
  const asked = whyAsked(reach, rule, earlier);
  return asked === undefined ? { carried: earlier } : { asked };
}
