/** Eases and withdraws joint alerts whose parts have said less for long enough. */
import type { Clock } from '@fangpin/domain-kit';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { KeepBook } from '../episodes/keep-book.js';
import { EPISODE_SETTINGS, type EpisodeSettings } from '../episodes/settings.js';

@Injectable()
export class LetJointTimePass {
  constructor(
    private readonly book: KeepBook,
    @Inject(EPISODE_SETTINGS) private readonly settings: EpisodeSettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Looks at the next households for whom something is due; answers whether there were any. */
  execute(): Promise<boolean> {
    return this.book.transaction(async (tx) => {
      // Put off a day at once, as far as judging leaves it due: what no policy can judge is not asked for again and again.
      const due = await tx.query<{ household_id: number; duty_code: number }>(
        `UPDATE joint_alerts SET due_at = $1::timestamptz + interval '1 day' WHERE (household_id, ordinal) IN (
           SELECT household_id, ordinal FROM joint_alerts WHERE due_at <= $1 ORDER BY due_at LIMIT ${this.settings.pageRows})
         RETURNING household_id, duty_code`,
        [this.clock.now()],
      );
      if (due.length === 0) return false;
      await this.book.at(tx, new Map(due.map((row) => [row.household_id, row.duty_code])));
      return true;
    });
  }
}
