/** Notes on the envelope of a message: its version, its signature, its references. */
import type { CapMessage, Problem } from './cap-message.js';
import { readCapTime } from './cap-time.js';
import type { CapContext } from './judge-cap.rule.js';

export function dialectProblems({ dialect }: CapMessage): Problem[] {
  if (dialect === '1.0' || dialect === '1.1') return [{ code: 'CAP.OLD_VERSION', text: `按CAP ${dialect}读取` }];
  return dialect === 'cn-12379' ? [{ code: 'CAP.NATIONAL_DIALECT', text: '按国家突发事件预警信息格式读取' }] : [];
}

export function signatureProblems({ signed }: CapMessage, { signature, correction }: CapContext): Problem[] {
  if (!signed) return [];
  if (signature === 'good') return [{ code: 'CAP.SIGNATURE_GOOD', text: '数字签名已校验，内容与签名一致' }];
  if (signature !== 'bad') return [{ code: 'CAP.SIGNATURE_NOT_CHECKED', text: '含数字签名，未配置密钥，未校验' }];
  // Without a correction it is quarantined for that, and the reason stands there.
  return correction === undefined ? [] : [{ code: 'CAP.SIGNATURE_BAD', text: '数字签名不符，由工作人员核实后放行' }];
}

/** A message cannot refer to what was sent when it was, or later: the time is wrong and the identifier counts. */
export function referenceProblems({ references, identifier, sender }: CapMessage, sent: Date): Problem[] {
  const wrong = references.some((reference) => {
    const at = readCapTime(reference.sent)?.at;
    const self = reference.identifier === identifier && reference.sender === sender;
    return !self && at !== undefined && at >= sent;
  });
  return wrong
    ? [{ code: 'CAP.REFERENCE_TIME_IMPOSSIBLE', text: '引用所写的时间不早于本消息的发布时间，以标识为准' }]
    : [];
}
