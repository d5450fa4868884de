/** A list of warnings in force: its entries taken, and counted by what became of them. */
import { Injectable } from '@nestjs/common';
import type { Problem } from '../cap/cap-message.js';
import type { IntakeAnswer } from '../intake/answer.js';
import { judgedAt, type Received } from '../intake/received.js';
import { readList } from './read-list.js';
import { TakeWarnings } from './take-warnings.js';

export interface WarningListAnswer {
  /** In the list as it came; the four counts below add up to it. */
  readonly entries: number;
  /** Taken as a new shock or as a revision of one. */
  readonly new: number;
  /** Taken before, also those that wait for an officer. */
  readonly known: number;
  /** Over already. */
  readonly recorded: number;
  /** No kind, area or time can be read: each waits in quarantine, except those that are no objects. */
  readonly unresolved: number;
  readonly problems: readonly Problem[];
  readonly alerts: readonly (IntakeAnswer & { readonly alertid: string })[];
}

@Injectable()
export class TakeWarningList {
  constructor(private readonly warnings: TakeWarnings) {}

  /** `body`: the JSON as the list's publisher gives it, or a bare `{list:[…]}`. Refuses what holds no list (400). */
  async take(body: unknown, received: Received): Promise<WarningListAnswer> {
    const { entries, notices, problems, unreadable } = readList(body, judgedAt(received));
    const answers = await this.warnings.take(notices, received);
    const outcomes = answers.map(([first]) => first?.outcome);
    const count = (...of: IntakeAnswer['outcome'][]): number =>
      outcomes.filter((outcome) => outcome !== undefined && of.includes(outcome)).length;
    return {
      entries,
      new: count('accepted', 'updated', 'cancelled'),
      known: count('duplicate'),
      recorded: count('recorded'),
      unresolved: count('quarantined') + unreadable,
      problems,
      alerts: answers.flatMap((of, i) => of.map((answer) => ({ alertid: notices[i]?.notice.id ?? '', ...answer }))),
    };
  }
}
