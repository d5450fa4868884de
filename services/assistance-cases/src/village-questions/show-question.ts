/** A question as officers read it. */
import { findProduct } from '@fangpin/contracts';
import { regionOfDuty, toBeijingTime } from '@fangpin/domain-kit';
import { regionName } from '@fangpin/regions';
import type { VillageReply } from './answer.rules.js';
import type { QuestionResponse } from './dto/question.response.js';
import { questionIdOf } from './question-id.js';
import { standing, type QuestionNotice } from './question-notices.js';
import { FIRST_SETTLED_CODE, questionStateOf, questionStates } from './question-states.js';
import { questionText } from './question-text.js';

const CENTIMU = 100;

export interface QuestionRow {
  origin: number;
  duty_code: number;
  revision: number;
  asked_at: Date;
  due_at: Date;
  severity: number;
  state: number;
  first_answered_at: Date | null;
  answered_at: Date | null;
  crop_hit_centimu: number | null;
  crop_lost_centimu: number | null;
  houses_collapsed: number | null;
  houses_damaged: number | null;
  products: number[];
  [column: string]: unknown;
}

export const QUESTION_COLUMNS = `q.origin, q.duty_code, q.revision, q.asked_at, q.due_at, q.severity, q.state, q.first_answered_at,
  q.answered_at, q.crop_hit_centimu, q.crop_lost_centimu, q.houses_collapsed, q.houses_damaged, q.products`;

export function showQuestion(row: QuestionRow, notices: readonly QuestionNotice[], now: Date): QuestionResponse {
  const state = questionStateOf(row.state);
  const village = regionOfDuty(row.duty_code, 'village');
  return {
    id: questionIdOf({ origin: row.origin, dutyCode: row.duty_code }),
    village,
    villageName: regionName(village) ?? null,
    text: questionText(standing(notices)),
    state,
    stateLabel: questionStates[state].label,
    severity: row.severity,
    askedAt: toBeijingTime(row.asked_at),
    dueAt: toBeijingTime(row.due_at),
    overdue: row.state < FIRST_SETTLED_CODE && row.due_at < now,
    answeredAt: row.answered_at === null ? null : toBeijingTime(row.answered_at),
    ...showFigures({
      cropHitCentimu: row.crop_hit_centimu,
      cropLostCentimu: row.crop_lost_centimu,
      housesCollapsed: row.houses_collapsed,
      housesDamaged: row.houses_damaged,
      products: row.products,
    }),
    notices: notices.map(({ shock_id: shockId, onset, kind, level, headline, withdrawn, report }) => ({
      shockId,
      askedBy: report ? 'damage-report' : 'ended-notice',
      askedByLabel: report ? '灾情报告' : '预警结束',
      kind,
      level,
      headline,
      onset: toBeijingTime(onset),
      withdrawn,
    })),
  };
}

type ShownFigures = Pick<
  QuestionResponse,
  'cropHitMu' | 'cropLostMu' | 'housesCollapsed' | 'housesDamaged' | 'products'
>;

/** Mu and Chinese names, as they were given. */
export function showFigures(reply: Omit<VillageReply, 'hit'>): ShownFigures {
  const mu = (centimu: number | null): number | null => (centimu === null ? null : centimu / CENTIMU);
  return {
    cropHitMu: mu(reply.cropHitCentimu),
    cropLostMu: mu(reply.cropLostCentimu),
    housesCollapsed: reply.housesCollapsed,
    housesDamaged: reply.housesDamaged,
    products: reply.products.map((code) => findProduct(code)?.name ?? String(code)),
  };
}
