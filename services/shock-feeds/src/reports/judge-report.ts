/** A report under the policy of its place and day. */
import { InvalidValue, shanghaiDay } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import type { Problem } from '../cap/cap-message.js';
import { judgedAt, type Received } from '../intake/received.js';
import { laneOf } from '../shocks/lane.rule.js';
import type { ShockContent } from '../shocks/shock.js';
import type { ShockReport } from './report.js';

const HOUR_MS = 3_600_000;

/** What was observed is judged by the policy of its day, a forecast by that of its receipt. A forecast gets an end. */
export function judgeReport(
  report: ShockReport,
  received: Received,
  policy: PolicySet,
  problems: Problem[],
): ShockContent {
  const { unsoldStock, layOff, waterCut, animalDisease, shockId: _, explanation: __, ...said } = report;
  const at = judgedAt(received);
  const judgedOn = shanghaiDay(report.onset < at ? report.onset : at);
  const lane = laneOf(report, report.regions, judgedOn, policy);
  let { expires } = report;
  if (expires === null && !report.observed) {
    const region = report.regions[0];
    if (region === undefined) throw new InvalidValue('regions', [], 'must name at least one region');
    const { hours } = policy.get('notice-expiry-hours', region, judgedOn, report.kind).value;
    expires = new Date(Math.max(report.onset.getTime(), at.getTime()) + hours * HOUR_MS);
    problems.push({ code: 'SHOCK.EXPIRY_ASSUMED', text: `没有失效时间，按政策推定为${hours}小时` });
  }
  const facts = {
    ...(unsoldStock === undefined ? {} : { unsoldStock }),
    ...(layOff === undefined ? {} : { layOff }),
    ...(waterCut === undefined ? {} : { waterCut }),
    ...(animalDisease === undefined ? {} : { animalDisease }),
  };
  const content = { ...said, expires, lane, policyVersion: policy.version, judgedOn };
  return Object.keys(facts).length === 0 ? content : { ...content, facts };
}
