/** Rules on what people say about a visit, shared by steps of cases and results of checks. */
import { isDay, shanghaiDay, type FieldProblem } from '@fangpin/domain-kit';

/** A day a person names for what has been done: a real day, not to come, and not before there was anything to look at (`earliest`, YYYY-MM-DD). */
export function dayProblems(
  field: string,
  day: string | undefined,
  now: Date,
  earliest: string | undefined,
): FieldProblem[] {
  if (day === undefined) return [];
  if (!isDay(day)) return [{ field, value: day, rule: 'must be a day such as 2026-07-20' }];
  if (day > shanghaiDay(now)) return [{ field, value: day, rule: 'must not lie in the future' }];
  if (earliest === undefined || day >= earliest) return [];
  return [{ field, value: day, rule: `must not lie before there was anything to see (${earliest})` }];
}

/** Household checks are made by two persons or more (rulebook §4.1 step 2); the same one named twice is one. */
export function checkerProblems(checkers: readonly string[] | undefined, least: number): FieldProblem[] {
  const distinct = new Set((checkers ?? []).map((checker) => checker.trim()).filter((checker) => checker !== ''));
  return distinct.size >= least
    ? []
    : [{ field: 'checkers', value: checkers ?? null, rule: `must name at least ${least} different checkers` }];
}
