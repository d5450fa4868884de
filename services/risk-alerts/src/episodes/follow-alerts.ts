/**
 * Takes up alert revisions of stored slices into the episodes of their households, page by page. A page again changes nothing:
 * an episode knows the revision that it has seen of each alert, so a round that is cut off begins anew.
 */
import type { Cause } from '@fangpin/contracts';
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { arrayLiteral, cellScope, type Tx } from '@fangpin/persistence';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { RAISED } from '../fan-out/alert-rows.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { openBook, storeBook } from './episode-book.js';
import { livesOn } from './episode-lives.js';
import { EpisodePool } from './episode-pool.js';
import { EPISODE_SETTINGS, type EpisodeSettings } from './settings.js';

interface SliceToFollow {
  slice_no: number;
  /** One for a slice of a fan-out; of findings, one for each. */
  origins: number[];
  alerted: number;
  stored_at: Date;
  [column: string]: unknown;
}

interface RevisionRow {
  household_id: number;
  origin: number;
  revision: number;
  duty_code: number;
  slice_no: number;
  state: number;
  severity: number;
  [column: string]: unknown;
}

/** Slices that are looked at in one go. */
const MOST_SLICES = 1_000;

@Injectable()
export class FollowAlerts {
  constructor(
    private readonly pool: EpisodePool,
    private readonly policies: PolicyVersions,
    @Inject(EPISODE_SETTINGS) private readonly settings: EpisodeSettings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Takes up the next slices; answers how many alert revisions they held, or that none waits. `mayGoOn` is asked between pages;
   * where it says no, the slices stay as they are and come again.
   */
  async execute(mayGoOn: () => Promise<boolean>): Promise<number | 'none' | 'cut-off'> {
    const slices = groupOf(await this.transaction(waitingSlices), this.settings.pageRows);
    if (slices.length === 0) return 'none';
    let after = 0;
    let revisions = 0;
    for (;;) {
      const page = await this.transaction((tx) => this.page(tx, slices, after));
      revisions += page.revisions;
      if (page.last === undefined) break;
      after = page.last;
      if (!(await mayGoOn())) return 'cut-off';
    }
    await this.transaction((tx) =>
      tx.execute('UPDATE slices SET followed_at = clock_timestamp() WHERE slice_no = ANY($1::bigint[])', [
        arrayLiteral(slices.map(({ slice_no }) => slice_no)),
      ]),
    );
    return revisions;
  }

  /** `last`: the household to go on after; absent on the last page. */
  private async page(
    tx: Tx,
    slices: readonly SliceToFollow[],
    after: number,
  ): Promise<{ revisions: number; last?: number }> {
    const most = this.settings.pageRows;
    const fetched = await revisionsOf(tx, slices, after, most);
    const { rows, last } = wholeHouseholds(fetched, most);
    const now = this.clock.now();
    const storedMs = new Map(slices.map((slice) => [slice.slice_no, slice.stored_at.getTime()]));
    const causes = await causesOf(tx, slices);
    const lives = livesOn(this.policies.current, shanghaiDay(now));
    // In order of revision, so that the last row of a household says where it lives.
    const book = await openBook(tx, new Map(rows.map((row) => [row.household_id, row.duty_code])), lives);
    for (const row of rows) {
      const cause = causes.get(row.origin);
      const household = book.get(row.household_id);
      if (cause === undefined || household === undefined) continue;
      // Past prices are replayed under a clock of their own; nothing happens later than that clock says.
      const atMs = Math.min(storedMs.get(row.slice_no) ?? now.getTime(), now.getTime());
      household.risks.say(
        { origin: row.origin, cause, revision: row.revision, raised: row.state === RAISED, severity: row.severity },
        atMs,
      );
    }
    await storeBook(tx, book.values(), lives);
    return last === undefined ? { revisions: rows.length } : { revisions: rows.length, last };
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.pool.database.transaction(cellScope('job:episodes', this.env.cellRegion), work);
  }
}

function waitingSlices(tx: Tx): Promise<SliceToFollow[]> {
  return tx.query<SliceToFollow>(
    `SELECT slice_no, coalesce(origins, ARRAY[origin]) AS origins, coalesce(alerted, 0) AS alerted, stored_at FROM slices
     WHERE followed_at IS NULL AND stored_at IS NOT NULL ORDER BY slice_no LIMIT ${MOST_SLICES}`,
  );
}

/** A large slice with the others of its origin, since one pass over the origin finds them all; else small ones up to a page. */
export function groupOf<T extends { readonly origins: readonly number[]; readonly alerted: number }>(
  slices: readonly T[],
  page: number,
): T[] {
  const [first] = slices;
  if (first === undefined) return [];
  const [origin] = first.origins;
  if (first.alerted >= page && first.origins.length === 1)
    return slices.filter(({ origins }) => origins.length === 1 && origins[0] === origin);
  const group: T[] = [];
  let sum = 0;
  for (const slice of slices) {
    sum += slice.alerted;
    if (group.length > 0 && sum >= page) break;
    group.push(slice);
  }
  return group;
}

async function revisionsOf(
  tx: Tx,
  slices: readonly SliceToFollow[],
  after: number,
  most: number,
): Promise<RevisionRow[]> {
  const origins = originsOf(slices);
  const alone = origins.length === 1;
  // One origin is read along its key; many are few rows each. Nothing is known of a table just filled, and row-level security hides
  // the rest: left to itself the planner reads and sorts all that ever was alerted, for each page.
  if (alone) await tx.query('SET LOCAL enable_sort = off');
  const rows = await tx.query<RevisionRow>(
    `SELECT household_id, origin, revision, duty_code, slice_no, state, severity FROM alerts
     WHERE origin ${alone ? '= $1' : '= ANY($1::bigint[])'} AND slice_no = ANY($2::bigint[]) AND household_id > $3
     ORDER BY household_id, revision LIMIT ${most}`,
    [alone ? origins[0] : arrayLiteral(origins), arrayLiteral(slices.map(({ slice_no }) => slice_no)), after],
  );
  if (alone) await tx.query('SET LOCAL enable_sort = on');
  return rows;
}

/** A full page may have been cut within a household: that one comes with the next page. */
export function wholeHouseholds<T extends { readonly household_id: number }>(
  rows: readonly T[],
  most: number,
): { rows: readonly T[]; last?: number } {
  if (rows.length < most) return { rows };
  const cut = rows.at(-1)?.household_id;
  const whole = rows.filter((row) => row.household_id !== cut);
  const last = whole.at(-1)?.household_id;
  if (last === undefined)
    throw new RangeError(`household ${cut} has more than ${most} revisions in one group of slices`);
  return { rows: whole, last };
}

function originsOf(slices: readonly SliceToFollow[]): number[] {
  return [...new Set(slices.flatMap(({ origins }) => origins))];
}

async function causesOf(tx: Tx, slices: readonly SliceToFollow[]): Promise<Map<number, Cause>> {
  const rows = await tx.query<{ origin: number; cause: Cause }>(
    'SELECT origin, cause FROM origins WHERE origin = ANY($1::bigint[])',
    [arrayLiteral(originsOf(slices))],
  );
  return new Map(rows.map(({ origin, cause }) => [origin, cause]));
}
