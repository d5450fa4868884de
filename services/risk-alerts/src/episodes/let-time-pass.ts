/** Eases and ends what time alone eases and ends. */
import type { Clock } from '@fangpin/domain-kit';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { KeepBook } from './keep-book.js';
import { EPISODE_SETTINGS, type EpisodeSettings } from './settings.js';

@Injectable()
export class LetTimePass {
  constructor(
    private readonly book: KeepBook,
    @Inject(EPISODE_SETTINGS) private readonly settings: EpisodeSettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Looks at the next households for whom something is due; answers whether there were any. */
  execute(): Promise<boolean> {
    return this.book.transaction(async (tx) => {
      const due = await tx.query<{ household_id: number; duty_code: number }>(
        `SELECT household_id, duty_code FROM episode_alerts
         WHERE household_id IN (
           SELECT household_id FROM episode_alerts WHERE due_at <= $1 ORDER BY due_at LIMIT ${this.settings.pageRows})
         ORDER BY household_id, raised_at`,
        [this.clock.now()],
      );
      if (due.length === 0) return false;
      await this.book.at(tx, new Map(due.map((row) => [row.household_id, row.duty_code])), (book, now) => {
        for (const { risks } of book.values()) {
          risks.pass(now.getTime());
          // Under other policy than it was reckoned by, nothing may be due yet: the moment is reckoned anew.
          for (const cause of new Set(risks.alerts().map((alert) => alert.cause))) risks.touch(cause);
        }
      });
      return true;
    });
  }
}
