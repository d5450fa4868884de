/** Eases and withdraws joint alerts whose parts have said less for long enough. */
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { openBook } from '../episodes/episode-book.js';
import { livesOn } from '../episodes/episode-lives.js';
import { EpisodePool } from '../episodes/episode-pool.js';
import { EPISODE_SETTINGS, type EpisodeSettings } from '../episodes/settings.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { JudgeJointRisks } from './judge-joint-risks.js';

@Injectable()
export class LetJointTimePass {
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
      // Put off a day at once, as far as judging leaves it due: what no policy can judge is not asked for again and again.
      const due = await tx.query<{ household_id: number; duty_code: number }>(
        `UPDATE joint_alerts SET due_at = $1::timestamptz + interval '1 day' WHERE (household_id, ordinal) IN (
           SELECT household_id, ordinal FROM joint_alerts WHERE due_at <= $1 ORDER BY due_at LIMIT ${this.settings.pageRows})
         RETURNING household_id, duty_code`,
        [now],
      );
      if (due.length === 0) return false;
      const lives = livesOn(this.policies.current, shanghaiDay(now));
      const book = await openBook(tx, new Map(due.map((row) => [row.household_id, row.duty_code])), lives, now);
      await this.jointRisks.execute(tx, book.values(), now);
      return true;
    });
  }
}
