/** A check without risk ends what it answered: the alert that listed the household, and others of the same visit. */
import type { Tx } from '@fangpin/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { KeepBook } from './keep-book.js';
import { EPISODE_SETTINGS, type EpisodeSettings } from './settings.js';

interface CheckRow extends Record<string, unknown> {
  queue_no: number;
  household_id: number;
  origin: number;
  /** Where the household is, as the alert has it. */
  duty_code: number;
  revision: number;
  answered_up_to: number;
}

@Injectable()
export class FollowChecks {
  constructor(
    private readonly book: KeepBook,
    @Inject(EPISODE_SETTINGS) private readonly settings: EpisodeSettings,
  ) {}

  /** Takes up the next checks whose alert is followed up to the revision that was checked; answers whether there were any. */
  execute(): Promise<boolean> {
    return this.book.transaction(async (tx) => {
      const checks = await takeChecks(tx, this.settings.pageRows);
      if (checks.length === 0) return false;
      await this.book.at(tx, new Map(checks.map((row) => [row.household_id, row.duty_code])), (book, now) => {
        for (const { household_id, origin, revision, answered_up_to } of checks)
          book.get(household_id)?.risks.check(origin, { revision, upTo: answered_up_to }, now.getTime());
      });
      return true;
    });
  }
}

/**
 * Takes them from the queue in the order in which they came. One may be heard before its alert is followed, where a remembered check
 * answers an alert at once: it stays until then.
 */
async function takeChecks(tx: Tx, most: number): Promise<CheckRow[]> {
  const rows = await tx.query<CheckRow>(
    `DELETE FROM episode_checks q USING episode_alerts a
     WHERE a.household_id = q.household_id AND a.origin = q.origin AND q.queue_no IN (
       SELECT queue_no FROM episode_checks JOIN episode_alerts f USING (household_id, origin)
       WHERE f.revision >= alert_revision ORDER BY queue_no LIMIT ${most})
     RETURNING q.queue_no, q.household_id, q.origin, a.duty_code, q.revision, q.answered_up_to`,
  );
  return rows.sort((a, b) => a.queue_no - b.queue_no);
}
