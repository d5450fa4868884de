/**
 * Takes up alert revisions of stored slices into the episodes of their households, page by page. A page again changes nothing:
 * an episode knows the revision that it has seen of each alert, so a round that is cut off begins anew.
 */
import { JOINT_CAUSE } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { RAISED } from '../fan-out/alert-rows.js';
import { KeepBook } from './keep-book.js';
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
    private readonly book: KeepBook,
    @Inject(EPISODE_SETTINGS) private readonly settings: EpisodeSettings,
  ) {}

  /**
   * Takes up the next slices; answers how many alert revisions they held and whether others waited beside them, or that none waits.
   * `mayGoOn` is asked between pages; where it says no, the slices stay as they are and are gone on with later.
   */
  async execute(mayGoOn: () => Promise<boolean>): Promise<FollowedSlices | 'none' | 'cut-off'> {
    const waiting = await this.book.transaction(waitingSlices);
    const slices = groupOf(waiting, this.settings.pageRows);
    if (slices.length === 0) return 'none';
    const named = slices.map(({ slice_no }) => slice_no).join();
    let after = this.#cutOff?.slices === named ? this.#cutOff.after : 0;
    let revisions = 0;
    for (;;) {
      const page = await this.book.transaction((tx) => this.page(tx, slices, after));
      revisions += page.revisions;
      if (page.last === undefined) break;
      after = page.last;
      if (await mayGoOn()) continue;
      this.#cutOff = { slices: named, after };
      return 'cut-off';
    }
    this.#cutOff = undefined;
    await this.book.transaction((tx) =>
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
    const storedMs = new Map(slices.map((slice) => [slice.slice_no, slice.stored_at.getTime()]));
    const causes = await causesOf(tx, slices);
    await this.book.at(tx, await placesOf(tx, rows), (book, now) => {
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
    });
    return last === undefined ? { revisions: rows.length } : { revisions: rows.length, last };
  }
}
