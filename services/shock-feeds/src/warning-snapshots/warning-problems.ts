import type { Problem } from '../cap/cap-message.js';
import type { JudgedWarning } from './judge-warning.rule.js';
import type { ListedWarning } from './snapshot.js';

/** What was assumed of one warning, as its message keeps it; `over`: its end had passed at receipt. */
export function warningProblems(warning: ListedWarning, judged: JudgedWarning, over: boolean): Problem[] {
  const problems: Problem[] = [];
  if (judged.region === undefined) problems.push({ code: 'SNAPSHOT.UNKNOWN_CODE', text: '区划代码未知，仅作记录' });
  if (!judged.kindKnown) problems.push({ code: 'SNAPSHOT.UNKNOWN_TYPE', text: '预警类型未识别，按“其他”记录' });
  if (warning.issued === undefined)
    problems.push({ code: 'SNAPSHOT.ISSUED_ASSUMED', text: '没有发布时间，按清单的更新时间推定' });
  if (judged.expiryAssumed) problems.push({ code: 'SNAPSHOT.EXPIRY_ASSUMED', text: '没有失效时间，按政策推定' });
  if (over) problems.push({ code: 'SNAPSHOT.EXPIRED', text: '收到时已过失效时间，仅作记录' });
  return problems;
}
