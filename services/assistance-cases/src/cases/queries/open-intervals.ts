/** When a case was open, told from its steps. */
import type { CaseStepEntity } from '../case-step.entity.js';
import { FIRST_ENDED_CODE } from '../case-states.js';

export interface Interval {
  readonly from: Date;
  /** Null where it has not ended. */
  readonly until: Date | null;
}

/** `steps`: by revision. A case that has ended may have been taken up again, some times over. */
export function openIntervals(
  openedAt: Date,
  steps: readonly Pick<CaseStepEntity, 'steppedAt' | 'toState'>[],
): Interval[] {
  const intervals: Interval[] = [];
  let from: Date | undefined = openedAt;
  for (const { steppedAt, toState } of steps) {
    const ends = toState >= FIRST_ENDED_CODE;
    if (ends && from !== undefined) intervals.push({ from, until: steppedAt });
    from = ends ? undefined : (from ?? steppedAt);
  }
  return from === undefined ? intervals : [...intervals, { from, until: null }];
}

/** The parts of a time that lie in one of the intervals; those that only touch it do not. */
export function overlapsOf({ from, until }: Interval, intervals: readonly Interval[]): Interval[] {
  return intervals.flatMap((interval) => {
    const start = from > interval.from ? from : interval.from;
    const end = until === null || (interval.until !== null && interval.until < until) ? interval.until : until;
    return end === null || start < end ? [{ from: start, until: end }] : [];
  });
}
