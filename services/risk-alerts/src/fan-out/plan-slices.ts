/**
 * The plan of one fan-out: who might be touched, township by township, in slices. Over a set size the shock waits for an officer
 * (architecture §4.3), unless one has confirmed as much of it before.
 */
import type { Clock } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { liveExposure } from '../exposure/exposure-sets.js';
import { candidatesSql, townshipSizesSql } from '../exposure/touched.js';
import { placeOf, productsAtRisk } from '../loss/loss-model.js';
import type { FanOut } from './fan-out.js';
import { officersWord } from './officers-word.js';
import { PLANNED_WELL } from './plan-failures.js';
import type { FanOutSettings } from './settings.js';
import { groupTownships, insertSlices } from './slices.js';
import { standingAreas } from './standing-areas.js';
import { alertedTownships, hasEarlierAlerts, insertWithdrawals } from './withdrawal-slices.js';
import { withheldTownships } from './withheld.js';

interface Planning extends Pick<FanOutSettings, 'sliceHouseholds'> {
  readonly clock: Clock;
}

/** `behind`: planned before the exposure had read all that it was to wait for. */
export async function planRaise(
  tx: Tx,
  fanOut: FanOut,
  policy: PolicySet,
  { behind, sliceHouseholds, clock }: Planning & { readonly behind: boolean },
): Promise<void> {
  const tables = await liveExposure(tx, 'read');
  const products = productsAtRisk(fanOut.shock, policy);
  const standing = await standingAreas(tx, tables, fanOut.shock, products);
  await tx.execute(`SET LOCAL work_mem = '32MB'`);
  const sizes = await tx.query<{ township: number; households: number }>(
    townshipSizesSql(tables, fanOut.shock, products),
  );
  // Townships that an earlier revision alerted are looked at too, and who is no longer exposed there is told so; as are those where it only
  // withheld: the slice that finds nobody there takes its rows out of the ledger.
  const before = (await hasEarlierAlerts(tx, fanOut)) ? await alertedTownships(tx, fanOut.origin) : [];
  const known = new Set(sizes.map((size) => size.township));
  const seen = new Set([...before, ...(await withheldTownships(tx, fanOut.origin))]);
  const left = [...seen].filter((township) => !known.has(township)).sort((a, b) => a - b);
  const all = [...sizes, ...left.map((township) => ({ township, households: 0 }))];
  const confirmOver = policy.get('confirm-over', placeOf(fanOut.shock), fanOut.shock.judgedOn).value;
  let candidates = sizes.reduce((sum, size) => sum + size.households, 0);
  if (candidates > confirmOver.households)
    candidates =
      (await tx.query<{ households: number }>(candidatesSql(tables, fanOut.shock, products)))[0]?.households ?? 0;
  const { asked, carried, passed } = await officersWord(tx, { fanOut, tables, products }, candidates, confirmOver);
  const waits = asked !== undefined;
  if (!waits) await insertSlices(tx, fanOut, groupTownships(all, sliceHouseholds));
  if (!waits && before.length > 0) await insertWithdrawals(tx, fanOut, before, sliceHouseholds);
  await tx.execute(
    `UPDATE fan_outs SET state = $3, planned_at = $4, standing = $5, candidates = $6, asked_because = $7,
       confirmed_by = coalesce(confirmed_by, $8), confirmed_revision = coalesce(confirmed_revision, $9),
       confirmed_households = coalesce(confirmed_households, $10), behind = $11, pins_read_at = NULL, ${PLANNED_WELL}
     WHERE origin = $1 AND shock_revision = $2`,
    [
      fanOut.origin,
      fanOut.shockRevision,
      waits ? 'awaiting-confirmation' : 'running',
      clock.now(),
      JSON.stringify(standing),
      candidates,
      asked ?? passed ?? null,
      carried?.by ?? null,
      carried?.revision ?? null,
      carried?.households ?? null,
      behind,
    ],
  );
}

/** Whomever the shock has alerted. */
export async function planWithdrawal(tx: Tx, fanOut: FanOut, { sliceHouseholds, clock }: Planning): Promise<void> {
  const townships = await alertedTownships(tx, fanOut.origin);
  const households = await insertWithdrawals(tx, fanOut, townships, sliceHouseholds);
  await tx.execute(
    `UPDATE fan_outs SET state = 'running', planned_at = $3, candidates = $4, ${PLANNED_WELL}
     WHERE origin = $1 AND shock_revision = $2`,
    [fanOut.origin, fanOut.shockRevision, clock.now(), households],
  );
}
