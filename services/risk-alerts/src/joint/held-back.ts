/**
 * Losses that are material and raise no alert alone, by household: what a joint alert adds up beside alerts (docs/adr/0060). A trifle is
 * none of them, however many there are.
 */
import type { Cause } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { foundPart } from '../findings/found-part.js';
import { storedFinding } from '../findings/noted-finding.js';
import type { PlacedAlert } from './take-apart.js';

/** Reasons of withheld households and findings; one that is immaterial, or below a threshold of its kind, never counts. */
const HELD_BACK: ReadonlySet<string | undefined | null> = new Set(['income-well-above-line', 'below-alert-level']);

/** Whether a loss was withheld that counts together with others. */
export const isHeldBack = (reason: string | undefined | null): boolean => HELD_BACK.has(reason);

export interface HeldBackLoss {
  readonly origin: number;
  readonly cause: Cause;
  readonly revision: number;
  /** It raised nothing by itself. */
  readonly severity: 0;
  /** When it was judged so, or last found changed: the days that it stands are counted from then. */
  readonly raisedMs: number;
  /** Why it counts no more; null while it does. */
  readonly goneWhy: 'recalled' | 'answered' | 'checked' | null;
  readonly part: PlacedAlert;
}

interface LossRow extends Record<string, unknown> {
  household_id: number;
  origin: number;
  cause: Cause;
  revision: number;
  duty_code: number;
  slice_no: number;
  low_fen: number;
  middle_fen: number;
  high_fen: number;
  per_capita_fen: number | null;
  projected_fen: number | null;
  persons: number;
  reasons: number;
  inputs: number[];
  wage_fen_per_worker: number | null;
  finding: Buffer | null;
  raised_ms: number;
  gone_why: HeldBackLoss['goneWhy'];
}

/** In order of origin. Where an alert of the same origin stands, or has the later word, that counts alone. */
export async function heldBackLosses(tx: Tx, householdIds: readonly number[]): Promise<Map<number, HeldBackLoss[]>> {
  const rows = await tx.query<LossRow>(
    `SELECT h.*, (extract(epoch FROM h.raised_at) * 1000)::bigint AS raised_ms FROM held_back_losses h
     WHERE h.household_id = ANY($1::bigint[]) AND NOT EXISTS (
       SELECT FROM episode_alerts a WHERE a.household_id = h.household_id AND a.origin = h.origin AND (a.raised OR a.revision > h.revision))
     ORDER BY h.household_id, h.origin`,
    [arrayLiteral(householdIds)],
  );
  const losses = Map.groupBy(rows, ({ household_id }) => household_id);
  return new Map([...losses].map(([household, ofHousehold]) => [household, ofHousehold.map(lossOf)]));
}

function lossOf(row: LossRow): HeldBackLoss {
  const { origin, cause, revision } = row;
  const found = row.finding === null ? {} : { found: foundPart(storedFinding(row.finding).facts) };
  const part: HeldBackLoss['part'] = {
    ...{ origin, cause, revision, severity: 0, ...found },
    heldBack: true,
    loss: { low: row.low_fen, middle: row.middle_fen, high: row.high_fen },
    perCapitaFen: row.per_capita_fen,
    projectedFen: row.projected_fen,
    persons: row.persons,
    reasons: row.reasons,
    inputs: row.inputs,
    wageFenPerWorker: row.wage_fen_per_worker,
    sliceNo: row.slice_no,
    dutyCode: row.duty_code,
  };
  return { origin, cause, revision, severity: 0, raisedMs: row.raised_ms, goneWhy: row.gone_why, part };
}
