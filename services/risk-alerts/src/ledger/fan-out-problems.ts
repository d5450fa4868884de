/** What is wrong with a shock's fan-outs, in words for those who read its ledger. Causes are told by name, codes stand beside the text. */
import { toBeijingTime } from '@fangpin/domain-kit';
import { causeWord } from '../episodes/cause-words.js';
import type { FanOut } from '../fan-out/fan-out.js';
import type { PassedUnasked, PlanFailure } from '../fan-out/plan-failures.js';
import type { ShockAside } from '../fan-out/shocks-aside.js';
import type { FanOutProblemResponse } from './fan-out.response.js';

/** A cause that cannot be planned, and is tried again. */
export function notPlanned({ cause, attempts, error, nextTryAt }: PlanFailure): FanOutProblemResponse {
  const text = `无法为这次灾害或冲击（${causeWord(cause)}）排定预警，已试${attempts}次，正在自动重试；请运维人员查看错误`;
  return { code: 'FAN_OUT.NOT_PLANNED', text, cause, attempts, nextTryAt: toBeijingTime(nextTryAt), error };
}

/**
 * A cause of which more households came to light than may pass without an officer's word, or than that word was about. `told`: whether the
 * number is the reader's to know (whole-shock.ts).
 */
export function outgrown({ cause, candidates, confirmed }: PassedUnasked, told: boolean): FanOutProblemResponse {
  const many = told ? `可能涉及${candidates}户` : '涉及的户数';
  const reach = `登记和收入数据读全后，${many}（${causeWord(cause)}）`;
  const text = confirmed
    ? `${reach}，明显超出县级确认的范围；预警已按那次确认发出，请县级核实`
    : `${reach}，超过须经确认的户数；此前已按部分数据预警，未经确认，请县级核实`;
  return { code: 'FAN_OUT.PASSED_UNASKED', text, cause, attempts: 0, nextTryAt: null, error: null };
}

/** A revision whose policy version is not known here; `latest`: the last fan-outs of what was said before it, none where it is the first. */
export function policyUnknown(
  { policyVersion }: ShockAside,
  latest: readonly Pick<FanOut, 'direction'>[],
): FanOutProblemResponse {
  const text = `这次灾害或冲击的最新情况按规则版本${policyVersion}研判，该版本在本服务尚未启用，启用后自动继续；${alertsMeanwhile(latest)}，请运维人员处理`;
  const error = `POLICY.VERSION_MISSING: policy ${policyVersion} is not known here`;
  return { code: 'FAN_OUT.POLICY_UNKNOWN', text, cause: '', attempts: 0, nextTryAt: null, error };
}

function alertsMeanwhile(latest: readonly Pick<FanOut, 'direction'>[]): string {
  if (latest.length === 0) return '目前尚未对任何农户预警';
  if (latest.every(({ direction }) => direction === 'withdraw')) return '此前的预警已按通报撤回';
  return '此前一次通报的预警照常进行';
}
