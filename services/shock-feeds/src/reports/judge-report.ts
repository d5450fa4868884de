/** A report under the policy of its place and day. */
import { InvalidValue, shanghaiDay } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import type { Problem } from '../cap/cap-message.js';
import { judgedAt, type Received } from '../intake/received.js';
import type { Basis } from '../intake/basis.js';
import { assumedEnd } from '../shocks/assumed-end.rule.js';
import { laneOf } from '../shocks/lane.rule.js';
import type { ShockContent } from '../shocks/shock.js';
import { alertsNobody } from './alerts-nobody.rule.js';
import type { ShockReport } from './report.js';

export interface JudgedReport {
  readonly content: ShockContent;
  /** Of a forecast that states no end. */
  readonly basis?: Basis;
}

/** What was observed is judged by the policy of its day, a forecast by that of its receipt. A forecast gets an end. */
export function judgeReport(
  report: ShockReport,
  received: Received,
  policy: PolicySet,
  problems: Problem[],
): JudgedReport {
  const { unsoldStock, layOff, waterCut, animalDisease, shockId: _, explanation: __, ...said } = report;
  const at = judgedAt(received);
  const judgedOn = shanghaiDay(report.onset < at ? report.onset : at);
  const lane = laneOf(report, report.regions, judgedOn, policy);
  let { expires } = report;
  let basis: Basis | undefined;
  if (expires === null && !report.observed) {
    const region = report.regions[0];
    if (region === undefined) throw new InvalidValue('regions', [], 'must name at least one region');
    const { hours } = policy.get('notice-expiry-hours', region, judgedOn, report.kind).value;
    const expiry = { from: report.onset > at ? report.onset : at };
    basis = { expiry };
    expires = assumedEnd(expiry, hours);
    problems.push({ code: 'SHOCK.EXPIRY_ASSUMED', text: `没有失效时间，按政策推定为${hours}小时` });
  }
  const facts = {
    ...(unsoldStock === undefined ? {} : { unsoldStock }),
    ...(layOff === undefined ? {} : { layOff }),
    ...(waterCut === undefined ? {} : { waterCut }),
    ...(animalDisease === undefined ? {} : { animalDisease }),
  };
  const content = { ...said, expires, lane, policyVersion: policy.version, judgedOn };
  problems.push(...alertsNobody(content, policy));
  return {
    content: Object.keys(facts).length === 0 ? content : { ...content, facts },
    ...(basis === undefined ? {} : { basis }),
  };
}
