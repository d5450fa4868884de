/**
 * Plans fan-outs whose pinned offsets the exposure has reached, or that have waited long enough for it: who might be touched, township by township, in slices. Over
 * a set size the shock waits for an officer (architecture §4.3), unless one has confirmed as much of it before.
 */
import type { AlertLane } from '@fangpin/contracts';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import type { Clock } from '@fangpin/domain-kit';
import { Inject, Injectable } from '@nestjs/common';
import { liveExposure, type ExposureTables } from '../exposure/exposure-sets.js';
import { standingAnimals } from '../exposure/standing-animals.js';
import { candidatesSql, townshipSizesSql } from '../exposure/touched.js';
import { placeOf, productsAtRisk } from '../loss/loss-model.js';
import { HOUSE_GRADES } from '../loss/things.js';
import type { ShockFacts } from '../loss/shock-facts.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { findFanOuts, type FanOut } from './fan-out.js';
import { officersWord } from './officers-word.js';
import { notePlanFailure, PLAN_IS_DUE, PLANNED_WELL } from './plan-failures.js';
import { FAN_OUT_SETTINGS, type FanOutSettings } from './settings.js';
import { CLAIMABLE, groupTownships, insertSlices, type TownshipSize } from './slices.js';
import { TOWNSHIP_SPAN } from './township.js';
import { hasRead, hasWaitedEnough } from './unread-exposure.js';

const CAN_BE_PLANNED = `f.state = 'waiting' AND ${PLAN_IS_DUE}`;
// Whatever waits to be run goes first, of either lane: planning reads as much as a slice does. What has failed comes after what has
// not been tried: hundreds under one version that lacks a record would stand before all others again and again.
const NEXT_OF_BULK = `NOT EXISTS (SELECT FROM slices WHERE ${CLAIMABLE}) AND (f.origin, f.shock_revision) = (
  SELECT f.origin, f.shock_revision FROM fan_outs f WHERE f.lane = 'bulk' AND ${CAN_BE_PLANNED}
  ORDER BY f.plan_attempts > 0, f.received_at, f.origin LIMIT 1)`;

@Injectable()
export class PlanFanOuts {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(FAN_OUT_SETTINGS) private readonly settings: FanOutSettings,
  ) {}

  /**
   * Plans live fan-outs, all that can be planned, or the next one of the bulk lane where no slice waits: hundreds come at once
   * there, and each is run before the next is looked at. Answers how many were planned, how many could not be and are tried again
   * later, and how many of those looked at still wait.
   */
  async execute(
    lane: AlertLane,
  ): Promise<{ readonly planned: number; readonly failed: number; readonly waiting: number }> {
    const scope = cellScope('job:plan', this.env.cellRegion);
    const waiting = await this.database.transaction(scope, (tx) =>
      findFanOuts(tx, lane === 'live' ? `f.lane = 'live' AND ${CAN_BE_PLANNED}` : NEXT_OF_BULK),
    );
    let still = 0;
    let planned = 0;
    let failed = 0;
    for (const fanOut of waiting) {
      const behind = !(await hasRead(this.database, this.settings.consumerGroup, fanOut.pins));
      if (behind && !(await this.database.transaction(scope, (tx) => this.hasWaited(tx, fanOut)))) {
        still += 1;
        continue;
      }
      if (!(await this.database.transaction(scope, (tx) => beginPlanning(tx, fanOut)))) continue;
      try {
        const policy = await this.policies.get(fanOut.policyVersion);
        if (await this.database.transaction(scope, (tx) => this.plan(tx, fanOut, policy, behind))) planned += 1;
      } catch (error) {
        // One that cannot be planned must not hold up the others. Where the database is away, neither can this be kept.
        await this.database.transaction(scope, (tx) => notePlanFailure(tx, fanOut, error));
        failed += 1;
      }
    }
    return { planned, failed, waiting: still };
  }

  private hasWaited(tx: Tx, fanOut: FanOut): Promise<boolean> {
    return hasWaitedEnough(tx, fanOut, this.settings.awaitExposureSeconds);
  }

  /** False where another instance has it, or it is no longer wanted. */
  private async plan(tx: Tx, fanOut: FanOut, policy: PolicySet, behind: boolean): Promise<boolean> {
    // Another instance may plan the same one; a cancel may have come meanwhile.
    const [held] = await tx.query(
      `SELECT 1 FROM fan_outs WHERE origin = $1 AND shock_revision = $2 AND state = 'waiting' AND planning
       FOR UPDATE SKIP LOCKED`,
      [fanOut.origin, fanOut.shockRevision],
    );
    if (held === undefined) return false;
    if (fanOut.direction === 'withdraw') await this.planWithdrawal(tx, fanOut);
    else await this.planRaise(tx, fanOut, policy, behind);
    return true;
  }

  private async planRaise(tx: Tx, fanOut: FanOut, policy: PolicySet, behind: boolean): Promise<void> {
    const tables = await liveExposure(tx, 'read');
    const products = productsAtRisk(fanOut.shock, policy);
    const standing = await standingAreas(tx, tables, fanOut.shock, products);
    await tx.execute(`SET LOCAL work_mem = '32MB'`);
    const sizes = await tx.query<{ township: number; households: number }>(
      townshipSizesSql(tables, fanOut.shock, products),
    );
    // Townships that an earlier revision alerted are looked at too, so that who is no longer exposed is told so.
    const before = await alertedTownships(tx, fanOut.origin);
    const known = new Set(sizes.map((size) => size.township));
    const all = [...sizes, ...before.filter((size) => !known.has(size.township))];
    const confirmOver = policy.get('confirm-over', placeOf(fanOut.shock), fanOut.shock.judgedOn).value;
    let candidates = sizes.reduce((sum, size) => sum + size.households, 0);
    if (candidates > confirmOver.households)
      candidates =
        (await tx.query<{ households: number }>(candidatesSql(tables, fanOut.shock, products)))[0]?.households ?? 0;
    const { asked, carried } = await officersWord(tx, { fanOut, tables, products }, candidates, confirmOver);
    const waits = asked !== undefined;
    if (!waits) await insertSlices(tx, fanOut, groupTownships(all, this.settings.sliceHouseholds));
    await tx.execute(
      `UPDATE fan_outs SET state = $3, planned_at = $4, standing = $5, candidates = $6, asked_because = $7,
         confirmed_by = coalesce(confirmed_by, $8), confirmed_revision = coalesce(confirmed_revision, $9),
         confirmed_households = coalesce(confirmed_households, $10), behind = $11, pins_read_at = NULL, ${PLANNED_WELL}
       WHERE origin = $1 AND shock_revision = $2`,
      [
        fanOut.origin,
        fanOut.shockRevision,
        waits ? 'awaiting-confirmation' : 'running',
        this.clock.now(),
        JSON.stringify(standing),
        candidates,
        asked ?? null,
        carried?.by ?? null,
        carried?.revision ?? null,
        carried?.households ?? null,
        behind,
      ],
    );
  }

  private async planWithdrawal(tx: Tx, fanOut: FanOut): Promise<void> {
    const sizes = await alertedTownships(tx, fanOut.origin);
    await insertSlices(tx, fanOut, groupTownships(sizes, this.settings.sliceHouseholds));
    await tx.execute(
      `UPDATE fan_outs SET state = 'running', planned_at = $3, candidates = $4, ${PLANNED_WELL}
       WHERE origin = $1 AND shock_revision = $2`,
      [fanOut.origin, fanOut.shockRevision, this.clock.now(), sizes.reduce((sum, size) => sum + size.households, 0)],
    );
  }
}

/**
 * Marks that its townships are counted from now on, in a transaction of its own: who changes later may be missing in them, and waits to
 * be looked at until it is planned (relook.ts). False where another instance has it.
 */
async function beginPlanning(tx: Tx, { origin, shockRevision }: FanOut): Promise<boolean> {
  const marked = await tx.execute(
    `UPDATE fan_outs SET planning = true WHERE (origin, shock_revision) = (
       SELECT origin, shock_revision FROM fan_outs
       WHERE origin = $1 AND shock_revision = $2 AND state = 'waiting' FOR UPDATE SKIP LOCKED)`,
    [origin, shockRevision],
  );
  return marked > 0;
}

/** What the figures of a report are a share of: crop area in the field of each damaged region (hundredths of a mu), its houses by grade, or heads of its animals. */
export async function standingAreas(
  tx: Tx,
  tables: ExposureTables,
  shock: ShockFacts,
  products: readonly number[],
): Promise<number[]> {
  if (shock.cause === 'dwelling') return standingHouses(tx, tables, shock);
  if (shock.cause === 'animal-disease') return standingAnimals(tx, tables, shock);
  const areas: number[] = [];
  for (const area of shock.damage) {
    const standing = area.products.length === 0 ? products : products.filter((p) => area.products.includes(p));
    const [row] = await tx.query<{ area: number }>(
      `SELECT coalesce(sum(l.quantity), 0)::bigint AS area
       FROM ${tables.livelihoods} l
       WHERE l.place_code >= $1 AND l.place_code < $2 AND l.product = ANY($3::smallint[])`,
      [area.range.lo, area.range.hi, standing],
    );
    areas.push(row?.area ?? 0);
  }
  return areas;
}

/** Households count as houses: the register knows one dwelling of each. */
async function standingHouses(tx: Tx, tables: ExposureTables, shock: ShockFacts): Promise<number[]> {
  const houses: number[] = [];
  for (const { range } of shock.damage) {
    const rows = await tx.query<{ grade: number; houses: number }>(
      `SELECT dwelling AS grade, count(*)::int AS houses FROM ${tables.households}
       WHERE active AND duty_code >= $1 AND duty_code < $2 GROUP BY dwelling`,
      [range.lo, range.hi],
    );
    houses.push(...HOUSE_GRADES.map((_, grade) => rows.find((row) => row.grade === grade)?.houses ?? 0));
  }
  return houses;
}

async function alertedTownships(tx: Tx, origin: number): Promise<TownshipSize[]> {
  return tx.query<{ township: number; households: number }>(
    `SELECT duty_code / ${TOWNSHIP_SPAN} AS township, count(DISTINCT household_id)::int AS households
     FROM alerts WHERE origin = $1 GROUP BY 1 ORDER BY 1`,
    [origin],
  );
}
