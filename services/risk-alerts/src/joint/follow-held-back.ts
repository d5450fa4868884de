/** Looks at what the troubles of households are together where a loss that was held back has come, changed or gone. */
import { Inject, Injectable } from '@nestjs/common';
import { KeepBook } from '../episodes/keep-book.js';
import { EPISODE_SETTINGS, type EpisodeSettings } from '../episodes/settings.js';
import { answerByChecks, type CheckOfJoint } from './answer-held-back.js';

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
    private readonly book: KeepBook,
    @Inject(EPISODE_SETTINGS) private readonly settings: EpisodeSettings,
  ) {}

  /** Takes up the next households; answers whether there were any. */
  execute(): Promise<boolean> {
    return this.book.transaction(async (tx) => {
      const rows = await tx.query<LookRow>(
        `DELETE FROM held_back_looks WHERE look_no IN (SELECT look_no FROM held_back_looks ORDER BY look_no LIMIT ${this.settings.pageRows})
         RETURNING look_no, household_id, duty_code, joint_origin, answered_up_to`,
      );
      if (rows.length === 0) return false;
      const looks = rows.toSorted((a, b) => a.look_no - b.look_no);
      await this.book.at(tx, new Map(looks.map((row) => [row.household_id, row.duty_code])), () =>
        answerByChecks(
          tx,
          looks.filter((row): row is LookRow & CheckOfJoint => row.joint_origin !== null),
        ),
      );
      return true;
    });
  }
}
