/** Whether a fan-out waits for an officer, or goes by what one has said of it or of an earlier revision; and whether it has outgrown that. */
import type { Tx } from '@fangpin/persistence';
import type { ConfirmOver } from '@fangpin/policy';
import type { ExposureTables } from '../exposure/exposure-sets.js';
import { candidatesBeyondSql } from '../exposure/touched.js';
import { whyAsked, type Confirmation, type WhyAsked } from './confirmation.rule.js';
import { earlierConfirmation, ownConfirmation } from './earlier-confirmation.js';
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
  /** Why one had been asked again, had so much been known when the word was given that it goes by: it goes on, and its ledger says so. */
  readonly passed?: WhyAsked | undefined;
}

/** `households`: how many it might touch. */
export async function officersWord(
  tx: Tx,
  { fanOut, tables, products }: Planned,
  households: number,
  rule: ConfirmOver,
): Promise<OfficersWord> {
  if (households <= rule.households) return {};
  const hasWord = fanOut.confirmedBy !== null;
  const word = await (hasWord ? ownConfirmation(tx, fanOut) : earlierConfirmation(tx, fanOut));
  const { shock } = fanOut;
  const [other] =
    word === undefined
      ? []
      : await tx.query<{ households: number }>(candidatesBeyondSql(tables, shock, word.seen, products));
  const asked = whyAsked({ households, level: shock.level, beyond: other?.households ?? 0 }, rule, word);
  if (hasWord) return { passed: asked };
  return asked === undefined ? { carried: word } : { asked };
}
