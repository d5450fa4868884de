/** Looks at what the troubles of households are together where a loss that was held back has come, changed or gone. */
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { openBook, storeBook } from '../episodes/episode-book.js';
import { livesOn } from '../episodes/episode-lives.js';
import { EpisodePool } from '../episodes/episode-pool.js';
import { EPISODE_SETTINGS, type EpisodeSettings } from '../episodes/settings.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { answerByChecks, type CheckOfJoint } from './answer-held-back.js';
import { JudgeJointRisks } from './judge-joint-risks.js';

interface LookRow extends Record<string, unknown> {
  look_no: number;
  household_id: number;
  duty_code: number;
  joint_origin: number | null;
  answered_up_to: number | null;
}

@Injectable()
export class FollowHeldBack {
  constructor(
    private readonly pool: EpisodePool,
    private readonly policies: PolicyVersions,
    private readonly jointRisks: JudgeJointRisks,
    @Inject(EPISODE_SETTINGS) private readonly settings: EpisodeSettings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Takes up the next households; answers whether there were any. */
  execute(): Promise<boolean> {
    return this.pool.database.transaction(cellScope('job:episodes', this.env.cellRegion), async (tx) => {
      const rows = await tx.query<LookRow>(
        `DELETE FROM held_back_looks WHERE look_no IN (SELECT look_no FROM held_back_looks ORDER BY look_no LIMIT ${this.settings.pageRows})
         RETURNING look_no, household_id, duty_code, joint_origin, answered_up_to`,
      );
      if (rows.length === 0) return false;
      const looks = rows.toSorted((a, b) => a.look_no - b.look_no);
      const now = this.clock.now();
      const lives = livesOn(this.policies.current, shanghaiDay(now));
      // The book is opened first: under its lock nobody else answers anything.
      const book = await openBook(tx, new Map(looks.map((row) => [row.household_id, row.duty_code])), lives, now);
      await answerByChecks(
        tx,
        looks.filter((row): row is LookRow & CheckOfJoint => row.joint_origin !== null),
      );
      await storeBook(tx, book.values(), lives);
      await this.jointRisks.execute(tx, book.values(), now);
      return true;
    });
  }
}
