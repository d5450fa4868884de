/** Eases and ends what time alone eases and ends. */
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { JudgeJointRisks } from '../joint/judge-joint-risks.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { openBook, storeBook } from './episode-book.js';
import { livesOn } from './episode-lives.js';
import { EpisodePool } from './episode-pool.js';
import { EPISODE_SETTINGS, type EpisodeSettings } from './settings.js';

@Injectable()
export class LetTimePass {
  constructor(
    private readonly pool: EpisodePool,
    private readonly policies: PolicyVersions,
    private readonly jointRisks: JudgeJointRisks,
    @Inject(EPISODE_SETTINGS) private readonly settings: EpisodeSettings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Looks at the next households for whom something is due; answers whether there were any. */
  execute(): Promise<boolean> {
    return this.pool.database.transaction(cellScope('job:episodes', this.env.cellRegion), async (tx) => {
      const now = this.clock.now();
      const due = await tx.query<{ household_id: number; duty_code: number }>(
        `SELECT household_id, duty_code FROM episode_alerts
         WHERE household_id IN (
           SELECT household_id FROM episode_alerts WHERE due_at <= $1 ORDER BY due_at LIMIT ${this.settings.pageRows})
         ORDER BY household_id, raised_at`,
        [now],
      );
      if (due.length === 0) return false;
      const lives = livesOn(this.policies.current, shanghaiDay(now));
      const book = await openBook(tx, new Map(due.map((row) => [row.household_id, row.duty_code])), lives, now);
      for (const { risks } of book.values()) {
        risks.pass(now.getTime());
        // Under other policy than it was reckoned by, nothing may be due yet: the moment is reckoned anew.
        for (const cause of new Set(risks.alerts().map((alert) => alert.cause))) risks.touch(cause);
      }
      await storeBook(tx, book.values(), lives);
      await this.jointRisks.execute(tx, book.values(), now);
      return true;
    });
  }
}
