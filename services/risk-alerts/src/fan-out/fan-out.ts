/** One revision of a shock on its way to the households that it endangers. */
import { fromBinary } from '@bufbuild/protobuf';
import { ShockSchema, type AlertLane, type Cause } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import { shockFacts, type ShockFacts } from '../loss/shock-facts.js';

export type FanOutState = 'waiting' | 'awaiting-confirmation' | 'running' | 'done' | 'recalled' | 'superseded';
export type Direction = 'raise' | 'withdraw' | 'relook';

/** Next offsets that the exposure must have reached: topic → partition → offset. */
export type Pins = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface FanOut {
  readonly origin: number;
  readonly shockId: string;
  readonly cause: Cause;
  readonly shockRevision: number;
  readonly direction: 'raise' | 'withdraw';
  readonly state: FanOutState;
  readonly lane: AlertLane;
  readonly policyVersion: string;
  readonly shock: ShockFacts;
  readonly pins: Pins;
  /** Crop area (hundredths of a mu), or houses by grade, that stood in each damaged region at planning. */
  readonly standing: readonly number[];
  readonly candidates: number | null;
  readonly confirmedBy: string | null;
}

interface FanOutRow {
  origin: number;
  shock_id: string;
  cause: Cause;
  shock_revision: number;
  direction: 'raise' | 'withdraw';
  state: FanOutState;
  lane: AlertLane;
  policy_version: string;
  shock: Buffer;
  pins: Pins;
  standing: number[] | null;
  candidates: number | null;
  confirmed_by: string | null;
}

/** Fan-outs that meet a condition on `f` (fan_outs) and `o` (origins), oldest first. */
export async function findFanOuts(tx: Tx, where: string, values: readonly unknown[] = []): Promise<FanOut[]> {
  const rows = await tx.query<FanOutRow>(
    `SELECT f.origin, o.shock_id, o.cause, f.shock_revision, f.direction, f.state, f.lane, f.policy_version, f.shock, f.pins,
            f.standing, f.candidates, f.confirmed_by
     FROM fan_outs f JOIN origins o USING (origin) WHERE ${where} ORDER BY f.received_at, f.origin, f.shock_revision`,
    values,
  );
  return rows.map((row) => ({
    origin: row.origin,
    shockId: row.shock_id,
    cause: row.cause,
    shockRevision: row.shock_revision,
    direction: row.direction,
    state: row.state,
    lane: row.lane,
    policyVersion: row.policy_version,
    shock: shockFacts(fromBinary(ShockSchema, row.shock), row.cause),
    pins: row.pins,
    standing: row.standing ?? [],
    candidates: row.candidates,
    confirmedBy: row.confirmed_by,
  }));
}
