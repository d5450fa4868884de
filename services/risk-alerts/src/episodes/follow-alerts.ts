/**
 * Takes up alert revisions of stored slices into the episodes of their households, page by page. A page again changes nothing:
 * an episode knows the revision that it has seen of each alert, so a round that is cut off begins anew.
 */
import { JOINT_CAUSE } from '@fangpin/contracts';
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { arrayLiteral, cellScope, type Tx } from '@fangpin/persistence';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { RAISED } from '../fan-out/alert-rows.js';
import { JudgeJointRisks } from '../joint/judge-joint-risks.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { openBook, storeBook } from './episode-book.js';
import { livesOn } from './episode-lives.js';
import { EpisodePool } from './episode-pool.js';
import { placesOf } from './places.js';
import { causesOf, groupOf, MOST_SLICES, pageAfter, waitingSlices, type SliceToFollow } from './slices-to-follow.js';
import { EPISODE_SETTINGS, type EpisodeSettings } from './settings.js';

export interface FollowedSlices {
  readonly revisions: number;
  readonly othersWait: boolean;
}

@Injectable()
export class FollowAlerts {
  /** Where it was cut off, so that shocks that keep coming cannot hold it at the first pages for ever. */
  #cutOff: { readonly slices: string; readonly after: number } | undefined;

  constructor(
    private readonly pool: EpisodePool,
    private readonly policies: PolicyVersions,
    private readonly jointRisks: JudgeJointRisks,
    @Inject(EPISODE_SETTINGS) private readonly settings: EpisodeSettings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Takes up the next slices; answers how many alert revisions they held and whether others waited beside them, or that none waits.
   * `mayGoOn` is asked between pages; where it says no, the slices stay as they are and are gone on with later.
   */
  async execute(mayGoOn: () => Promise<boolean>): Promise<FollowedSlices | 'none' | 'cut-off'> {
    const waiting = await this.transaction(waitingSlices);
    const slices = groupOf(waiting, this.settings.pageRows);
    if (slices.length === 0) return 'none';
    const named = slices.map(({ slice_no }) => slice_no).join();
    let after = this.#cutOff?.slices === named ? this.#cutOff.after : 0;
    let revisions = 0;
    for (;;) {
      const page = await this.transaction((tx) => this.page(tx, slices, after));
      revisions += page.revisions;
      if (page.last === undefined) break;
      after = page.last;
      if (await mayGoOn()) continue;
      this.#cutOff = { slices: named, after };
      return 'cut-off';
    }
    this.#cutOff = undefined;
    await this.transaction((tx) =>
      tx.execute('UPDATE slices SET followed_at = clock_timestamp() WHERE slice_no = ANY($1::bigint[])', [
        arrayLiteral(slices.map(({ slice_no }) => slice_no)),
      ]),
    );
    return { revisions, othersWait: slices.length < waiting.length || waiting.length >= MOST_SLICES };
  }

  /** `last`: the household to go on after; absent on the last page. */
  private async page(
    tx: Tx,
    slices: readonly SliceToFollow[],
    after: number,
  ): Promise<{ revisions: number; last?: number }> {
    const { rows, last } = await pageAfter(tx, slices, after, this.settings.pageRows);
    const now = this.clock.now();
    const storedMs = new Map(slices.map((slice) => [slice.slice_no, slice.stored_at.getTime()]));
    const causes = await causesOf(tx, slices);
    const lives = livesOn(this.policies.current, shanghaiDay(now));
    const book = await openBook(tx, await placesOf(tx, rows), lives, now);
    for (const row of rows) {
      const cause = causes.get(row.origin);
      const household = book.get(row.household_id);
      // What all causes are together is no cause beside them.
      if (cause === undefined || cause === JOINT_CAUSE || household === undefined) continue;
      // Past prices are replayed under a clock of their own; nothing happens later than that clock says.
      const atMs = Math.min(storedMs.get(row.slice_no) ?? now.getTime(), now.getTime());
      household.risks.say(
        { origin: row.origin, cause, revision: row.revision, raised: row.state === RAISED, severity: row.severity },
        atMs,
      );
    }
    await storeBook(tx, book.values(), lives);
    await this.jointRisks.execute(tx, book.values(), now);
    return last === undefined ? { revisions: rows.length } : { revisions: rows.length, last };
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.pool.database.transaction(cellScope('job:episodes', this.env.cellRegion), work);
  }
}
