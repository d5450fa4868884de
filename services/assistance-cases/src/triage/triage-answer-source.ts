/**
 * Renders answers again from the tables when the process ended between commit and acknowledgement. It tells what stands
 * now, for all alerts of the origin in the township: repeats and later states are harmless, an answer is a revision.
 */
import type { TriageOutcome } from '@fangpin/contracts';
import { dutyRange, parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import type { OutboxSource, OutgoingMessage } from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import { answerMessages, type AnswerRef } from './triage-answers.js';

interface StandingRow {
  household_id: number;
  alert_revision: number;
  outcome: TriageOutcome;
  case_origin: number;
  shock_id: string;
  [column: string]: unknown;
}

const STANDING = `
  SELECT DISTINCT ON (household_id) household_id, alert_revision, outcome, s.case_origin, t.shock_id
    FROM (SELECT household_id, alert_revision, alert_outcome AS outcome, case_origin, 1 AS place
            FROM cases WHERE case_origin = $1 AND duty_code >= $2 AND duty_code < $3
          UNION ALL
          SELECT household_id, alert_revision, outcome, case_origin, 2
            FROM case_alerts WHERE origin = $1 AND duty_code >= $2 AND duty_code < $3
          UNION ALL
          SELECT household_id, alert_revision, outcome, 0, 3
            FROM check_items WHERE origin = $1 AND duty_code >= $2 AND duty_code < $3
          UNION ALL
          SELECT household_id, alert_revision, 5, 0, 4
            FROM withdrawals WHERE origin = $1 AND duty_code >= $2 AND duty_code < $3) AS s,
         triage_refs t
   WHERE t.origin = $1
   ORDER BY household_id, alert_revision DESC, place`;

export const TRIAGE_ANSWERS = 'triage-answers';

export class TriageAnswerSource implements OutboxSource {
  readonly name = TRIAGE_ANSWERS;

  constructor(private readonly cell: RegionCode) {}

  async *render(ref: Record<string, unknown>, database: Database): AsyncIterable<OutgoingMessage> {
    for (const [origin, township] of (ref as AnswerRef).groups) {
      const range = dutyRange(parseRegionCode(township));
      const rows = await database.transaction(cellScope('job:triage-answers', this.cell), (tx) =>
        tx.query<StandingRow>(STANDING, [origin, range.lo, range.hi]),
      );
      for (const [alertRevision, ofRevision] of Map.groupBy(rows, (row) => row.alert_revision))
        yield* answerMessages(
          { shockId: ofRevision[0]?.shock_id ?? '', origin, alertRevision, township },
          ofRevision.map((row) => ({
            householdId: row.household_id,
            outcome: row.outcome,
            caseOrigin: row.case_origin,
          })),
        );
    }
  }
}
