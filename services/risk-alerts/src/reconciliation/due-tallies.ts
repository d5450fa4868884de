/** Takes tallies that are due, with the lock on them: all of one shock and cause together, so that its answers are read once for them. */
import type { Tx } from '@fangpin/persistence';
import type { ReconciliationSettings } from './settings.js';
import { NOT_SITTING_OUT } from './work-on-row.js';

export interface TallyRow {
  reconciliation_no: number;
  origin: number;
  duty_code: number;
  /** Null for findings and joint alerts. */
  shock_id: string | null;
  joint: boolean;
  /** Of findings or joint alerts that are compared together. */
  origins: number[] | null;
  state: 'asked' | 'resting';
  round: number;
  households: number;
  hash: string;
  their_households: number | null;
  their_hash: string | null;
  agreed_at_once: boolean | null;
  published_again: number;
  checks: number | null;
  checks_hash: string | null;
  their_checks: number | null;
  their_checks_hash: string | null;
  others_since: Date | null;
  others_above: number | null;
  others_up_to: number | null;
  others: number[] | null;
  failures: number;
  [column: string]: unknown;
}

/** A transaction of this many townships takes about as long as one, and holds their figures only. */
const TOWNSHIPS_AT_ONCE = 100;

// With a reply, rested, or waiting too long for its reply; what failed just now waits.
const due = (which: string, most: number): string => `
  SELECT t.*, o.shock_id, o.joint_id IS NOT NULL AS joint FROM reconciliation_tallies t JOIN origins o USING (origin)
  WHERE t.state IN ('asked', 'resting') AND ((t.state = 'asked' AND t.their_hash IS NOT NULL)
     OR (t.state = 'asked' AND t.asked_at < clock_timestamp() - make_interval(secs => $1))
     OR (t.state = 'resting' AND t.asked_at < clock_timestamp() - make_interval(secs => $2))) AND ${NOT_SITTING_OUT} AND ${which}
  ORDER BY t.reconciliation_no, t.origin, t.duty_code LIMIT ${most} FOR UPDATE OF t SKIP LOCKED`;

const NEXT = due('true', 1);
const OF_SAME_ORIGIN = due('t.reconciliation_no = $3 AND t.origin = $4', TOWNSHIPS_AT_ONCE);

/** The next one, and what else is due of its shock and cause. What another instance holds is left to it. None where nothing is due. */
export async function takeDueTallies(
  tx: Tx,
  { silentSeconds, restSeconds }: Pick<ReconciliationSettings, 'silentSeconds' | 'restSeconds'>,
): Promise<TallyRow[]> {
  const next = await tx.query<TallyRow>(NEXT, [silentSeconds, restSeconds]);
  const [first] = next;
  if (first === undefined || first.origins !== null) return next;
  return tx.query<TallyRow>(OF_SAME_ORIGIN, [silentSeconds, restSeconds, first.reconciliation_no, first.origin]);
}
