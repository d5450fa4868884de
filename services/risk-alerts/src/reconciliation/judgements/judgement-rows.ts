/** Rows of reconciliation_judgements: which is due, and who of the touched was not judged. */
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { lowestRevision } from '../../fan-out/alert-revision.js';
import { RAISED } from '../../fan-out/alert-rows.js';
import type { FanOut } from '../../fan-out/fan-out.js';
import { NOT_SITTING_OUT } from '../work-on-row.js';

export interface JudgementRow {
  reconciliation_no: number;
  origin: number;
  duty_code: number;
  shock_revision: number;
  /** About the townships of the shock, not about households of one. */
  census: boolean;
  round: number;
  missed: number;
  missed_ids: number[];
  failures: number;
  [column: string]: unknown;
}

/** The next one, or one that has rested; what another instance holds is left to it. */
export async function claimJudgement(tx: Tx, restSeconds: number): Promise<JudgementRow | undefined> {
  const [row] = await tx.query<JudgementRow>(
    `SELECT * FROM reconciliation_judgements
     WHERE (state = 'waiting' OR (state = 'resting' AND looked_at < clock_timestamp() - make_interval(secs => $1)))
       AND ${NOT_SITTING_OUT}
     ORDER BY reconciliation_no, origin, duty_code LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [restSeconds],
  );
  return row;
}

export interface JudgementSeen {
  readonly state: string;
  readonly households?: number;
  readonly missed: number;
  readonly missedIds: readonly number[];
}

export async function noteJudgement(tx: Tx, row: JudgementRow, seen: JudgementSeen): Promise<void> {
  await tx.execute(
    `UPDATE reconciliation_judgements SET state = $4, round = round + 1, households = coalesce($5, households), missed = $6,
       missed_ids = $7, looked_at = clock_timestamp() WHERE reconciliation_no = $1 AND origin = $2 AND duty_code = $3`,
    [
      ...[row.reconciliation_no, row.origin, row.duty_code, seen.state],
      ...[seen.households ?? null, seen.missed, seen.missedIds],
    ],
  );
}

export interface Missed {
  readonly id: number;
  /** It has changed, or was asked for, and waits to be looked at; a look that has failed explains nothing. */
  readonly queued: boolean;
}

/**
 * Of the touched households of a township those that the fan-out has neither alerted, withdrawn nor withheld. An alert that stands from
 * an earlier revision of the shock is no judgement of this one. Queue and alerts are read as of one moment, after the exposure, and the
 * withheld last: a look that ends meanwhile has left the queue and stored what it found at once.
 */
export async function missedOf(
  tx: Tx,
  { origin, shockRevision }: Pick<FanOut, 'origin' | 'shockRevision'>,
  dutyCode: number,
  touched: readonly number[],
): Promise<Missed[]> {
  // Household after household by the key of alerts: the alerts of a shock are many times those of a township.
  const notAlerted = await tx.query<Missed & Record<string, unknown>>(
    `SELECT t.id, EXISTS (SELECT FROM relooks WHERE household_id = t.id AND look_after IS NULL) AS queued
     FROM unnest($1::bigint[]) AS t (id) LEFT JOIN LATERAL (
       SELECT state, revision FROM alerts WHERE origin = $2 AND household_id = t.id ORDER BY revision DESC LIMIT 1) AS last ON true
     WHERE last.revision IS NULL OR (last.state = ${RAISED} AND last.revision < $3) ORDER BY t.id`,
    [arrayLiteral(touched), origin, lowestRevision(shockRevision)],
  );
  const held = await tx.query<{ ids: number[] }>(
    'SELECT household_ids AS ids FROM withheld WHERE origin = $1 AND duty_code = $2',
    [origin, dutyCode],
  );
  const withheld = new Set(held.flatMap(({ ids }) => ids));
  return notAlerted.filter(({ id }) => !withheld.has(id));
}

/** Has households looked at under every open shock, as if they had changed. */
export async function haveLookedAt(tx: Tx, dutyCode: number, ids: readonly number[]): Promise<void> {
  await tx.execute(
    `INSERT INTO relooks (household_id, duty_code) SELECT id, $2 FROM unnest($1::bigint[]) AS t (id)
     ON CONFLICT (household_id) DO UPDATE SET asked_at = clock_timestamp()`,
    [arrayLiteral(ids), dutyCode],
  );
}
