/** What an officer is told of a shock that an application did not judge, or not in all its parts. */
import { DomainError } from '@fangpin/domain-kit';
import type { Problem } from '../cap/cap-message.js';
import type { DerivedPart } from './derive-again.rule.js';

export interface ApplicationProblem extends Problem {
  /** What its judging failed with, for whoever mends it. */
  readonly error?: string;
  readonly attempts?: number;
  readonly nextTryAt?: string;
}

const PARTS: Record<DerivedPart, Problem> = {
  area: {
    code: 'APPLICATION.AREA_KEPT',
    text: '预警区域未能按现行政策重新求得（原消息未留存，或已无可用区域），保留原区域',
  },
  expiry: { code: 'APPLICATION.EXPIRY_KEPT', text: '推定的失效时间未能按现行政策重新推定（原消息未留存），保留原时间' },
  intensity: {
    code: 'APPLICATION.INTENSITY_KEPT',
    text: '烈度未能按现行政策重新推算（地震目录原记录未留存，或当日没有适用的政策），保留原烈度',
  },
};

export function partKept(part: DerivedPart): Problem {
  return PARTS[part];
}

/** `retry`: absent from a dry run, which tries nothing again. */
export function notJudged(
  error: string,
  retry?: { readonly attempts: number; readonly nextTryAt: string },
): ApplicationProblem {
  const text = retry === undefined ? '按现行政策研判失败' : '按现行政策研判失败，已搁置，正在自动重试，其余照常进行';
  return { code: 'APPLICATION.SHOCK_NOT_JUDGED', text, error, ...retry };
}

/** An error in one line that can be stored. */
export function errorText(error: unknown): string {
  const text =
    error instanceof DomainError
      ? `${error.code}: ${error.message}`
      : error instanceof Error
        ? error.message
        : String(error);
  return text.replaceAll('\u0000', '').slice(0, 500).toWellFormed();
}
