/**
 * Stores losses that were held back, set by set, and lets go those that are none any more; households of which that changes anything are
 * asked to be looked at (follow-held-back.ts). Only inserts and updates rows of its own, so that it waits for nobody.
 */
import type { Cause } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import type { ExposedHousehold } from '../exposure/exposure-row.js';
import { lowestRevision } from '../fan-out/alert-revision.js';
import { flatInputs } from '../fan-out/alert-rows.js';
import type { Verdict } from '../loss/household.js';

export interface HeldBack {
  readonly origin: number;
  readonly cause: Cause;
  /** That which its alert would have. */
  readonly revision: number;
  readonly household: ExposedHousehold;
  readonly verdict: Verdict;
  /** Where a finding was held back. */
  readonly finding?: { readonly id: string; readonly bytes: Buffer };
}

/** Of a household of which nothing else is known a loss alone is no joint risk; asked by key, whatever is known of tables just filled. */
const HAS_ANOTHER = `(
  EXISTS (SELECT FROM held_back_losses o WHERE o.household_id = held.household_id AND o.origin <> held.origin AND o.gone_why IS NULL)
  OR EXISTS (SELECT FROM episode_alerts a WHERE a.household_id = held.household_id AND a.origin <> held.origin AND a.held > 0)
  OR EXISTS (SELECT FROM joint_alerts j WHERE j.household_id = held.household_id AND j.state = 'raised'))`;

const JUDGED_BY = [
  'duty_code',
  'low_fen',
  'middle_fen',
  'high_fen',
  'per_capita_fen',
  'persons',
  'reasons',
  'inputs',
  'finding',
];

/** Whether what a loss counts by differs; another revision alone is no news. */
function differs(one: string, other: string): string {
  const columns = (of: string): string => `(${JUDGED_BY.map((name) => `${of}.${name}`).join(', ')})`;
  return `${columns(one)} IS DISTINCT FROM ${columns(other)}`;
}

/**
 * `looked`: of all changed households, or of those alone of which something else is known: enough for the one who raises joint alerts, and
 * adds losses while nobody else does. What a case or a check has answered stays so until it has grown.
 */
export async function holdBack(
  tx: Tx,
  losses: readonly HeldBack[],
  now: Date,
  looked: 'all' | 'of several' = 'all',
): Promise<void> {
  if (losses.length === 0) return;
  const numbers = (of: (one: HeldBack) => number): string => arrayLiteral(losses.map(of));
  await tx.execute(
    `WITH held AS (
       INSERT INTO held_back_losses AS h (household_id, origin, cause, revision, duty_code, slice_no, low_fen, middle_fen, high_fen,
         per_capita_fen, projected_fen, persons, reasons, inputs, wage_fen_per_worker, finding_id, finding, raised_at)
       SELECT household_id, origin, cause, revision, duty_code, (SELECT coalesce(max(slice_no), 0) FROM slices), low, middle, high,
         per_capita, projected, persons, reasons, inputs::bigint[], wage, finding_id, finding, $17
       FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
                   $9::bigint[], $10::bigint[], $11::int[], $12::smallint[], $13::text[], $14::bigint[], $15::uuid[], $16::bytea[])
         AS v (household_id, origin, cause, revision, duty_code, low, middle, high, per_capita, projected, persons, reasons, inputs, wage,
               finding_id, finding)
       ON CONFLICT (household_id, origin) DO UPDATE SET revision = excluded.revision, duty_code = excluded.duty_code,
         slice_no = excluded.slice_no, low_fen = excluded.low_fen, middle_fen = excluded.middle_fen, high_fen = excluded.high_fen,
         per_capita_fen = excluded.per_capita_fen, projected_fen = excluded.projected_fen, persons = excluded.persons,
         reasons = excluded.reasons, inputs = excluded.inputs, wage_fen_per_worker = excluded.wage_fen_per_worker,
         finding = excluded.finding, raised_at = excluded.raised_at,
         gone_why = CASE WHEN h.gone_why <> 'recalled' AND excluded.middle_fen <= h.middle_fen THEN h.gone_why END
       WHERE h.revision <= excluded.revision AND (h.gone_why = 'recalled'
         OR h.revision < excluded.revision OR ${differs('h', 'excluded')})
       RETURNING h.household_id, h.origin, h.duty_code, old.household_id IS NULL OR old.gone_why = 'recalled' OR ${differs('old', 'h')} AS changed
     )
     INSERT INTO held_back_looks (household_id, duty_code)
     SELECT household_id, duty_code FROM held WHERE changed AND ${looked === 'all' ? 'true' : HAS_ANOTHER}`,
    [
      numbers(({ household }) => household.householdId),
      numbers(({ origin }) => origin),
      losses.map(({ cause }) => cause),
      numbers(({ revision }) => revision),
      numbers(({ household }) => household.dutyCode),
      numbers(({ verdict }) => verdict.loss.low),
      numbers(({ verdict }) => verdict.loss.middle),
      numbers(({ verdict }) => verdict.loss.high),
      losses.map(({ household }) => household.perCapitaFen),
      losses.map(({ verdict }) => verdict.projectedFen),
      numbers(({ household }) => household.persons),
      numbers(({ verdict }) => verdict.reasons),
      losses.map(({ household }) => arrayLiteral(flatInputs(household.livelihoods, household))),
      losses.map(({ household }) => household.wageFenPerWorker ?? null),
      losses.map(({ finding }) => finding?.id ?? null),
      losses.map(({ finding }) => finding?.bytes ?? null),
      now,
    ],
  );
}

/** Where less is held back than before, only what stands can change. */
const IS_JOINT = `EXISTS (SELECT FROM joint_alerts j WHERE j.household_id = gone.household_id AND j.state = 'raised')`;

/** `which` of the held back losses `h` are none any more; they endangered nobody. `looked`: a condition on those that are `gone`. */
async function letGo(tx: Tx, which: string, values: readonly unknown[], looked = 'true'): Promise<void> {
  await tx.execute(
    `WITH gone AS (
       UPDATE held_back_losses h SET gone_why = 'recalled' WHERE gone_why IS DISTINCT FROM 'recalled' AND ${which}
       RETURNING household_id, duty_code
     )
     INSERT INTO held_back_looks (household_id, duty_code) SELECT household_id, duty_code FROM gone WHERE ${looked}`,
    values,
  );
}

/** Households that the shock no longer touches, or no longer materially. */
export async function letHouseholdsGo(tx: Tx, origin: number, householdIds: readonly number[]): Promise<void> {
  if (householdIds.length === 0) return;
  await letGo(tx, 'origin = $1 AND household_id = ANY($2::bigint[])', [origin, arrayLiteral(householdIds)]);
}

/**
 * What revisions before this one have held back: it was called off, or the later one has not found it again. By the one alone who raises joint
 * alerts: only households that have one are looked at.
 */
export function letEarlierGo(tx: Tx, origin: number, shockRevision: number): Promise<void> {
  return letGo(tx, 'origin = $1 AND revision < $2', [origin, lowestRevision(shockRevision)], IS_JOINT);
}

/** What was held back of these findings, but of the households and causes that `still` are. */
export function letFindingsGo(
  tx: Tx,
  findingIds: readonly string[],
  still: readonly { readonly origin: number; readonly householdId: number }[],
): Promise<void> {
  return letGo(
    tx,
    `finding_id = ANY($1::uuid[]) AND NOT EXISTS (
       SELECT FROM unnest($2::bigint[], $3::bigint[]) AS s (origin, household_id) WHERE s.origin = h.origin AND s.household_id = h.household_id)`,
    [
      findingIds,
      arrayLiteral(still.map(({ origin }) => origin)),
      arrayLiteral(still.map(({ householdId }) => householdId)),
    ],
  );
}
