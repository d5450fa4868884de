/** What an officer is told of an application that finds nothing, and of a shock that it did not judge, or not in all its parts. */
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

/** What an application without a shock to judge has found instead. */
export interface NothingFound {
  readonly beyondRegion: number;
  readonly onlyRecorded: number;
  /** Judged by the version that is loaded now. */
  readonly present: number;
}

/** Why an application has nothing to judge again; never empty. `version`: the one that is loaded now. */
export function nothingToJudge({ beyondRegion, onlyRecorded, present }: NothingFound, version: string): Problem[] {
  const found: Problem[] = [];
  if (present > 0)
    found.push({
      code: 'APPLICATION.JUDGED_BY_PRESENT',
      text: `没有要重新研判的：这些天有${present}条灾害信息本来就是按现行政策版本${version}研判的。如果刚改过政策，版本却没有变，请先用新记录重新启动各服务`,
    });
  if (onlyRecorded > 0)
    found.push({
      code: 'APPLICATION.ONLY_RECORDED',
      text: `有${onlyRecorded}条灾害信息按原来和现行的政策都只作记录，不提示农户，不必重新研判`,
    });
  if (beyondRegion > 0)
    found.push({
      code: 'APPLICATION.BEYOND_REGION',
      text: `有${beyondRegion}条灾害信息涉及范围超出本地区，须由上级提出`,
    });
  if (found.length > 0) return found;
  return [{ code: 'APPLICATION.NO_SHOCKS', text: '没有要重新研判的：所选日期、种类和地区内没有发布过的灾害信息' }];
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
