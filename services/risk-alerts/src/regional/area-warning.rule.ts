/**
 * The rule of early warning for one area (规模性返贫, rulebook §8; its figures are policy `regional-warning`, none of them
 * published). Pure. An area is struck by its share of households or by enough struck parts; it eases well below where it
 * opens, so that one household more or less never turns it to and fro.
 */
import type { AreaThreshold, PartsThreshold } from '@fangpin/policy';

export type WarningState = 'open' | 'eased' | 'ended';

export interface AreaRule {
  readonly households: AreaThreshold;
  /** Absent for a village, which has no parts. */
  readonly parts?: PartsThreshold;
  readonly endAfterDays: number;
}

/** What is seen of an area at one moment. */
export interface AreaFigures {
  /** Distinct households at risk by the rule. */
  readonly households: number;
  /** Active households of the area. */
  readonly of: number;
  /** Areas one level below that have a warning of the same rule and subject open. */
  readonly struckParts: number;
  readonly parts: number;
}

export interface Observation extends AreaFigures {
  readonly atMs: number;
}

export interface Standing {
  readonly state: WarningState;
  readonly openedMs: number;
  /** Since when it is in this state. */
  readonly sinceMs: number;
}

/** Opens at `open` or more, eases below `ease`. */
export interface Limits {
  readonly open: number;
  readonly ease: number;
}

const DAY_MS = 86_400_000;
/** Shares are decimal fractions: 0.1 × 30 must be 3 and not a little more. */
const ROUNDING = 1e-9;
/** One household may move in while another's alert ends: with two between the limits neither both nor one turns a warning round. */
const BAND = 2;

export function householdLimits(of: number, threshold: AreaThreshold): Limits {
  return limitsOf(of, { ...threshold, from: threshold.fromHouseholds });
}

export function partsLimits(of: number, threshold: PartsThreshold): Limits {
  return limitsOf(of, { ...threshold, from: threshold.fromParts });
}

function limitsOf(of: number, rule: { from: number; fromShare: number; easeBelowShare: number }): Limits {
  const open = Math.max(rule.from, Math.ceil(rule.fromShare * of - ROUNDING));
  return { open, ease: Math.max(1, Math.min(Math.ceil(rule.easeBelowShare * of - ROUNDING), open - BAND)) };
}

/** How the area stands after one more observation; undefined while it was never struck. Time must not run backwards. */
export function judgeArea(before: Standing | undefined, seen: Observation, rule: AreaRule): Standing | undefined {
  const own = householdLimits(seen.of, rule.households);
  const parts = rule.parts === undefined ? undefined : partsLimits(seen.parts, rule.parts);
  const struck = seen.households >= own.open || (parts !== undefined && seen.struckParts >= parts.open);
  const below = seen.households < own.ease && (parts === undefined || seen.struckParts < parts.ease);
  if (before === undefined || before.state === 'ended')
    return struck ? { state: 'open', openedMs: seen.atMs, sinceMs: seen.atMs } : before;
  if (before.state === 'open') return below ? { ...before, state: 'eased', sinceMs: seen.atMs } : before;
  if (struck) return { ...before, state: 'open', sinceMs: seen.atMs };
  const over = below && seen.atMs - before.sinceMs >= rule.endAfterDays * DAY_MS;
  return over ? { ...before, state: 'ended', sinceMs: seen.atMs } : before;
}

/** The same over many observations, in whatever order they come. */
export function standingAfter(observations: readonly Observation[], rule: AreaRule): Standing | undefined {
  return observations
    .toSorted((a, b) => a.atMs - b.atMs)
    .reduce<Standing | undefined>((standing, seen) => judgeArea(standing, seen, rule), undefined);
}
