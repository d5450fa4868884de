/**
 * Renders answers again from the tables when the process ended between commit and acknowledgement. It tells what stands
 * now, for all alerts of the origin in the township: repeats and later states are harmless, an answer is a revision.
 */
import type { RegionCode } from '@fangpin/domain-kit';
import type { OutboxSource, OutgoingMessage } from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import { ofOrigin, standingAnswers } from './standing-answers.js';
import type { AnswerRef } from './triage-answers.js';
import type { TriagePolicy } from './triage-policy.js';

export const TRIAGE_ANSWERS = 'triage-answers';

export class TriageAnswerSource implements OutboxSource {
  readonly name = TRIAGE_ANSWERS;

  constructor(
    private readonly cell: RegionCode,
    private readonly policy: TriagePolicy,
  ) {}

  async *render(ref: Record<string, unknown>, database: Database): AsyncIterable<OutgoingMessage> {
    for (const [origin, township] of (ref as AnswerRef).groups) {
      yield* await database.transaction(cellScope('job:triage-answers', this.cell), (tx) =>
        standingAnswers(tx, ofOrigin(origin, township), township, this.policy),
      );
    }
  }
}
