/** A check without risk ends what it answered: the alert that listed the household, and others of the same visit. */
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { cellScope, type Tx } from '@fangpin/persistence';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { JudgeJointRisks } from '../joint/judge-joint-risks.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { openBook, storeBook } from './episode-book.js';
import { livesOn } from './episode-lives.js';
import { EpisodePool } from './episode-pool.js';
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
    private readonly pool: EpisodePool,
    private readonly policies: PolicyVersions,
    private readonly jointRisks: JudgeJointRisks,
    @Inject(EPISODE_SETTINGS) private readonly settings: EpisodeSettings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Takes up the next checks whose alert is followed up to the revision that was checked; answers whether there were any. */
  execute(): Promise<boolean> {
    return this.pool.database.transaction(cellScope('job:episodes', this.env.cellRegion), async (tx) => {
      const checks = await takeChecks(tx, this.settings.pageRows);
      if (checks.length === 0) return false;
      const now = this.clock.now();
      const lives = livesOn(this.policies.current, shanghaiDay(now));
      const book = await openBook(tx, new Map(checks.map((row) => [row.household_id, row.duty_code])), lives, now);
      for (const { household_id, origin, revision, answered_up_to } of checks)
        book.get(household_id)?.risks.check(origin, { revision, upTo: answered_up_to }, now.getTime());
      await storeBook(tx, book.values(), lives);
      await this.jointRisks.execute(tx, book.values(), now);
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
