/** The notices and reports that questions ask about, for showing them. */
import type { Tx } from '@fangpin/persistence';
import type { QuestionKey } from './question-id.js';

export interface QuestionNotice {
  readonly shock_id: string;
  readonly kind: string;
  readonly level: number;
  readonly headline: string;
  readonly onset: Date;
  readonly withdrawn: boolean;
  /** By the figures of a damage report, not because a notice has ended. */
  readonly report: boolean;
}

interface NoticeRow extends QuestionNotice {
  origin: number;
  duty_code: number;
  [column: string]: unknown;
}

const keyOf = (origin: number, dutyCode: number): string => `${origin}/${dutyCode}`;

/** By question, in the order in which they were attached. */
export async function noticesOf(
  tx: Tx,
  questions: readonly QuestionKey[],
): Promise<(question: QuestionKey) => readonly QuestionNotice[]> {
  const rows = await tx.query<NoticeRow>(
    `SELECT n.origin, n.duty_code, n.shock_id, h.kind, h.level, h.headline, h.onset, n.withdrawn_at IS NOT NULL AS withdrawn,
            h.asked_area <> '' AS report
       FROM unnest($1::bigint[], $2::bigint[]) AS k (origin, duty_code)
       JOIN question_notices n ON n.origin = k.origin AND n.duty_code = k.duty_code
       JOIN heard_shocks h ON h.shock_id = n.shock_id
      ORDER BY n.attached_at, n.shock_id`,
    [questions.map(({ origin }) => origin), questions.map(({ dutyCode }) => dutyCode)],
  );
  const byQuestion = Map.groupBy(rows, (row) => keyOf(row.origin, row.duty_code));
  return ({ origin, dutyCode }) => byQuestion.get(keyOf(origin, dutyCode)) ?? [];
}

/** Those that the words of a question name: the ones it still asks about, or, where none is left, those it asked about. */
export function standing(notices: readonly QuestionNotice[]): readonly QuestionNotice[] {
  const left = notices.filter(({ withdrawn }) => !withdrawn);
  return left.length > 0 ? left : notices;
}
