/** Until when a village answers: hours of dated policy from the end of the notice, or from the receipt of the report. */
import { shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';

const HOUR_MS = 3_600_000;

/**
 * The hours run from the end of the notice. Where they had run out before this service heard of it (a replay, an outage),
 * they run from the receipt: nobody is overdue on what he was never asked.
 */
export function questionDue(asksFrom: Date, heardAt: Date, hours: number): Date {
  const fromEnd = new Date(asksFrom.getTime() + hours * HOUR_MS);
  return fromEnd > heardAt ? fromEnd : new Date(heardAt.getTime() + hours * HOUR_MS);
}

/** `notice-answer-hours` of the place on the day of the notice's end (自然灾害情况统计调查制度: 24-hour zero report, §13.5). */
export function answerHours(policy: PolicySet, county: RegionCode, endedAt: Date): number {
  return policy.get('notice-answer-hours', county, shanghaiDay(endedAt)).value.hours;
}

/** Hours of `report-asks` of the place on the day of the report. */
export function reportAnswerHours(policy: PolicySet, county: RegionCode, saidAt: Date): number {
  return policy.get('report-asks', county, shanghaiDay(saidAt)).value.hours;
}

/** Until when an answer may be put right (`village-answer-correction-hours`), counted from the first answer. */
export function correctableUntil(policy: PolicySet, village: RegionCode, firstAnsweredAt: Date): Date {
  const { hours } = policy.get('village-answer-correction-hours', village, shanghaiDay(firstAnsweredAt)).value;
  return new Date(firstAnsweredAt.getTime() + hours * HOUR_MS);
}
