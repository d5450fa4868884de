/** The confirmation of an earlier revision that a fan-out may go by, and the one that it goes by. */
import { fromBinary } from '@bufbuild/protobuf';
import { ShockSchema } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import { shockFacts, type ShockFacts } from '../loss/shock-facts.js';
import type { Confirmation } from './confirmation.rule.js';
import type { FanOut } from './fan-out.js';

type Key = Pick<FanOut, 'origin' | 'shockRevision' | 'cause'>;

interface ConfirmedRow {
  by: string;
  revision: number;
  households: number;
  shock: Buffer;
  [column: string]: unknown;
}

const CONFIRMED = `
  SELECT c.confirmed_by AS by, seen.shock_revision AS revision, coalesce(c.confirmed_households, c.candidates, 0) AS households, seen.shock
  FROM fan_outs c JOIN fan_outs seen
    ON seen.origin = c.origin AND seen.shock_revision = coalesce(c.confirmed_revision, c.shock_revision)`;
const OWN = `${CONFIRMED} WHERE c.origin = $1 AND c.shock_revision = $2 AND c.confirmed_by IS NOT NULL`;
// Of the cause itself: nobody has looked at houses where crops were confirmed. What was taken back since is not confirmed any more.
const LAST_CONFIRMED = `${CONFIRMED}
  WHERE c.origin = $1 AND c.shock_revision < $2 AND c.confirmed_by IS NOT NULL AND NOT EXISTS (
    SELECT FROM fan_outs w WHERE w.origin = c.origin AND w.direction = 'withdraw'
      AND w.shock_revision > c.shock_revision AND w.shock_revision < $2)
  ORDER BY c.shock_revision DESC LIMIT 1`;

export interface EarlierConfirmation extends Confirmation {
  /** The shock as it was seen then. */
  readonly seen: ShockFacts;
}

/**
 * The last word of an officer on the same shock and cause, with the households and the level that were seen then: carried through many
 * revisions it stays what it was, so that a shock cannot grow past an officer by small steps.
 */
export function earlierConfirmation(tx: Tx, fanOut: Key): Promise<EarlierConfirmation | undefined> {
  return confirmation(tx, LAST_CONFIRMED, fanOut);
}

/** The word that a fan-out goes by, given of itself or carried over. */
export function ownConfirmation(tx: Tx, fanOut: Key): Promise<EarlierConfirmation | undefined> {
  return confirmation(tx, OWN, fanOut);
}

async function confirmation(
  tx: Tx,
  sql: string,
  { origin, shockRevision, cause }: Key,
): Promise<EarlierConfirmation | undefined> {
  const [row] = await tx.query<ConfirmedRow>(sql, [origin, shockRevision]);
  if (row === undefined) return undefined;
  const seen = shockFacts(fromBinary(ShockSchema, row.shock), cause);
  return { by: row.by, revision: row.revision, households: row.households, level: seen.level, seen };
}
