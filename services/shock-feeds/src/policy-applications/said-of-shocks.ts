/** Everything that was said of shocks, with what the policy was applied to for it. */
import type { Tx } from '@fangpin/persistence';
import type { Problem } from '../cap/cap-message.js';
import { readBasis, type Basis, type StoredBasis } from '../intake/basis.js';
import type { Statement } from '../shocks/chain.rule.js';
import type { MessageOrigin, StoredOutcome } from '../shocks/shock-message.entity.js';
import { readStatement, type StoredStatement } from '../shocks/stored-statement.js';

export interface Said {
  readonly origin: MessageOrigin;
  /** Absent from reports, whose shock is their last one. */
  readonly statement?: Statement;
  readonly basis: Basis;
  /** It was history when it came in (outcome `recorded`): over, from abroad, a test. */
  readonly recorded: boolean;
  /** Codes of what was noted when it was judged. */
  readonly noted: ReadonlySet<string>;
  /** When it was taken, or came out of quarantine: what has been observed lives from then on. */
  readonly heardAt: Date;
}

/** As stored: one that cannot be read shall stop its own shock only. */
export interface SaidRow extends Record<string, unknown> {
  readonly shock_id: string;
  readonly origin: MessageOrigin;
  readonly statement: StoredStatement | null;
  readonly basis: StoredBasis | null;
  readonly outcome: StoredOutcome;
  readonly problems: readonly Problem[];
  readonly heard_at: Date;
}

/** In the order in which they were taken. */
export async function saidOfShocks(tx: Tx, shockIds: readonly string[]): Promise<Map<string, SaidRow[]>> {
  if (shockIds.length === 0) return new Map();
  const rows = await tx.query<SaidRow>(
    `SELECT shock_id, origin, statement, basis, outcome, problems, coalesce(settled_at, received_at) AS heard_at
     FROM shock_messages WHERE shock_id = ANY ($1::uuid[]) ORDER BY message_id`,
    [shockIds],
  );
  return Map.groupBy(rows, ({ shock_id }) => shock_id);
}

export function readSaid({ origin, statement, basis, outcome, problems, heard_at }: SaidRow): Said {
  return {
    origin,
    ...(statement === null ? {} : { statement: readStatement(statement) }),
    basis: basis === null ? {} : readBasis(basis),
    recorded: outcome === 'recorded',
    noted: new Set(problems.map(({ code }) => code)),
    heardAt: heard_at,
  };
}
