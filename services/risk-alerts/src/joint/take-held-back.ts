/**
 * Takes up what slices have held back: judges those households once more by the models of their fan-out, off the way of alerts, since a slice
 * keeps of them the id and the reason alone. A page again changes nothing. Looks at single households store theirs themselves (relook.ts).
 */
import type { Clock } from '@fangpin/domain-kit';
import { arrayLiteral, cellScope, type Tx } from '@fangpin/persistence';
import { NoPolicy } from '@fangpin/policy';
import { CLOCK, ENV, epochOf, LOGGER, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { EpisodePool } from '../episodes/episode-pool.js';
import { EPISODE_SETTINGS, type EpisodeSettings } from '../episodes/settings.js';
import { liveExposure } from '../exposure/exposure-sets.js';
import { streamExposed } from '../exposure/exposure-stream.js';
import { alertRevision } from '../fan-out/alert-revision.js';
import { findFanOuts, type FanOut } from '../fan-out/fan-out.js';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import { TownshipModels } from '../fan-out/township-models.js';
import { WITHHELD_CODES } from '../fan-out/withheld.js';
import { productsAtRisk } from '../loss/loss-model.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { isHeldBack } from './held-back.js';
import { holdBack, letEarlierGo, type HeldBack } from './hold-back.js';

interface HoldingSlice extends Record<string, unknown> {
  slice_no: number;
  origin: number;
  shock_revision: number;
  townships: number[];
}

const CODES = Object.entries(WITHHELD_CODES).flatMap(([reason, code]) => (isHeldBack(reason) ? code : []));

@Injectable()
export class TakeHeldBack {
  /**
   * The last household before it was cut off, so that shocks that keep coming cannot hold it at the first pages for ever. No position: those
   * that are looked at meanwhile are withheld no more.
   */
  #cutOff: { readonly sliceNo: number; readonly after: number } | undefined;

  constructor(
    private readonly pool: EpisodePool,
    private readonly policies: PolicyVersions,
    @Inject(EPISODE_SETTINGS) private readonly settings: EpisodeSettings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Takes up the next slice, page by page; answers whether there was one. `mayGoOn` is asked between pages. */
  async slice(mayGoOn: () => Promise<boolean>): Promise<boolean> {
    const slice = await this.transaction(nextSlice);
    if (slice === undefined) return false;
    try {
      if (!(await this.pages(slice, mayGoOn))) return true;
    } catch (error) {
      // It would be missing the next time too, and the slices after this one wait for it.
      if (!(error instanceof NoPolicy)) throw error;
      this.log.warn({ err: error, sliceNo: slice.slice_no }, 'what a slice has held back cannot be judged');
    }
    this.#cutOff = undefined;
    await this.transaction((tx) =>
      tx.execute('UPDATE slices SET held_back_at = clock_timestamp() WHERE slice_no = $1', [slice.slice_no]),
    );
    return true;
  }

  /** Lets go what earlier revisions of a shock have held back, once it is called off or the later one is followed whole. */
  fanOut(): Promise<boolean> {
    return this.transaction(async (tx) => {
      const fanOuts = await tx.query<{ origin: number; shock_revision: number }>(ENDED_FAN_OUTS);
      for (const { origin, shock_revision: revision } of fanOuts) {
        await letEarlierGo(tx, origin, revision);
        await tx.execute(
          'UPDATE fan_outs SET held_back_at = clock_timestamp() WHERE origin = $1 AND shock_revision = $2',
          [...[origin, revision]],
        );
      }
      return fanOuts.length > 0;
    });
  }

  /** False where it was cut off. */
  private async pages(slice: HoldingSlice, mayGoOn: () => Promise<boolean>): Promise<boolean> {
    const sliceNo = slice.slice_no;
    const after = this.#cutOff?.sliceNo === sliceNo ? this.#cutOff.after : 0;
    const { fanOut, ids } = await this.transaction((tx) => heldBackBy(tx, slice, after));
    if (fanOut === undefined) return true;
    const size = this.settings.pageRows;
    for (let at = 0; at < ids.length; at += size) {
      const page = ids.slice(at, at + size);
      await this.transaction((tx) => this.page(tx, fanOut, page));
      if (at + size >= ids.length || (await mayGoOn())) continue;
      this.#cutOff = { sliceNo, after: page.at(-1) ?? after };
      return false;
    }
    return true;
  }

  private async page(tx: Tx, fanOut: FanOut, householdIds: readonly number[]): Promise<void> {
    const { origin, cause, shock, shockRevision } = fanOut;
    const policy = await this.policies.get(fanOut.policyVersion);
    const models = new TownshipModels(fanOut, policy);
    const revision = alertRevision(shockRevision, await epochOf(tx));
    const tables = await liveExposure(tx, 'read');
    const touching = { shock, products: productsAtRisk(shock, policy) };
    const losses: HeldBack[] = [];
    await streamExposed(tx, tables, touching, { householdIds }, (household) => {
      const verdict = models.judge(household);
      // Who is to be alerted by now is looked at again by itself.
      if (verdict === undefined || verdict instanceof NoPolicy || !isHeldBack(verdict.withheld)) return;
      losses.push({ origin, cause, revision, household, verdict });
    });
    await holdBack(tx, losses, this.clock.now(), 'of several');
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.pool.database.transaction(cellScope('job:held-back', this.env.cellRegion), work);
  }
}

async function nextSlice(tx: Tx): Promise<HoldingSlice | undefined> {
  const [slice] = await tx.query<HoldingSlice>(
    `SELECT slice_no, origin, shock_revision, townships FROM slices
     WHERE held_back_at IS NULL AND direction = 'raise' AND stored_at IS NOT NULL ORDER BY slice_no LIMIT 1`,
  );
  return slice;
}

/**
 * The households after one (by id) that were held back. No fan-out where a later revision has the word: its own slices are taken up. A later one
 * that awaits an officer, or did so till the next came, was put to no household: the one before it still stands.
 */
async function heldBackBy(
  tx: Tx,
  { origin, shock_revision: revision, townships }: HoldingSlice,
  after: number,
): Promise<{ readonly fanOut?: FanOut | undefined; readonly ids: readonly number[] }> {
  const [fanOut] = await findFanOuts(
    tx,
    `f.origin = $1 AND f.shock_revision = $2 AND NOT EXISTS (
       SELECT FROM fan_outs later WHERE later.origin = f.origin AND later.shock_revision > f.shock_revision
         AND (later.direction = 'withdraw' OR later.state = 'done' OR EXISTS (
           SELECT FROM slices s WHERE s.origin = later.origin AND s.shock_revision = later.shock_revision
             AND s.direction = 'raise' AND s.state <> 'superseded')))`,
    [origin, revision],
  );
  if (fanOut === undefined) return { ids: [] };
  const rows = await tx.query<{ id: number }>(
    `SELECT pair.id FROM withheld w, unnest(w.household_ids, w.why) AS pair (id, why)
     WHERE w.origin = $1 AND w.shock_revision = $2 AND w.duty_code / ${TOWNSHIP_SPAN} = ANY($3::bigint[])
       AND pair.why = ANY($4::smallint[]) AND pair.id > $5
     ORDER BY pair.id`,
    [origin, revision, arrayLiteral(townships), CODES, after],
  );
  return { fanOut, ids: rows.map(({ id }) => id) };
}

/** Once all that they raise and withdraw is followed, so that nothing is let go whose alert is on its way. */
const ENDED_FAN_OUTS = `
  SELECT f.origin, f.shock_revision FROM fan_outs f
  WHERE f.held_back_at IS NULL AND f.state <> 'superseded' AND (f.direction = 'withdraw' OR (f.state = 'done' AND NOT EXISTS (
    SELECT FROM slices s WHERE s.origin = f.origin AND s.shock_revision = f.shock_revision AND s.state <> 'superseded'
      AND (s.followed_at IS NULL OR (s.direction = 'raise' AND s.held_back_at IS NULL)))))
  LIMIT 100`;
