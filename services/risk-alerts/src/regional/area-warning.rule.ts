/**
 * The rule of early warning for one area (规模性返贫, rulebook §8; its figures are policy `regional-warning`, none of them
 * published). Pure. An area is struck by its share of households or by enough struck parts; it eases well below where it
 * opens, so that one household more or less never turns it to and fro. Above the county its households strike an area only
 * where several areas below carry them, which has such a band of its own in each.
 */
import type { AreaThreshold, CarryThreshold, PartsThreshold } from '@fangpin/policy';

export type WarningState = 'open' | 'eased' | 'ended';

export interface AreaRule {
  readonly households: AreaThreshold;
  /** Absent for a village, which has no parts. */
  readonly parts?: PartsThreshold;
  /** For a prefecture or province. */
  readonly carriedBy?: CarryThreshold;
  readonly endAfterDays: number;
}

/** How many areas below carry the households of a prefecture or province. */
export interface Spread {
  /** At the share at which a part begins to carry, or more. */
  readonly carrying: number;
  /** Not below the share at which it ceases to. */
  readonly holding: number;
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
  /** For a prefecture or province. */
  readonly spread?: Spread;
}

/** What of all that counted at some time since the warning opened was not taken back. */
export interface Stood {
  readonly households: number;
  /** Areas one level below that were warned of since, and not by what was taken back alone. */
  readonly struckParts: number;
}

export interface Observation extends AreaFigures {
  readonly atMs: number;
  /** Where it is not known, nothing is taken for a recall. */
  readonly stood?: Stood | undefined;
}

export interface Standing {
  readonly state: WarningState;
  readonly openedMs: number;
  /** Since when it is in this state. */
  readonly sinceMs: number;
  /** Of an ended one: it would never have opened by what was not taken back. */
  readonly recalled?: true;
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

/**
 * Limits of struck parts; none for a village. What several areas below must carry does not hold by one of them that is still warned of.
 */
export function partsLimits(
  of: number,
  { parts, carriedBy }: Pick<AreaRule, 'parts' | 'carriedBy'>,
): Limits | undefined {
  if (parts === undefined) return undefined;
  const { open, ease } = limitsOf(of, { ...parts, from: parts.fromParts });
  return { open, ease: Math.max(ease, Math.min(carriedBy?.atLeastParts ?? 0, open - 1)) };
}

export function spreadOver(
  parts: Iterable<{ readonly households: number; readonly of: number }>,
  threshold: CarryThreshold,
): Spread {
  let [carrying, holding] = [0, 0];
  for (const { households, of } of parts) {
    const { open, ease } = householdLimits(of, threshold);
    if (households >= open) carrying++;
    if (households >= ease) holding++;
  }
  return { carrying, holding };
}

/**
 * Where the number opens and not the share, it eases at the same part of that number: a share of a small village is less than a household,
 * and would hold the warning until the last one is gone.
 */
function limitsOf(
  of: number,
  { from, fromShare, easeBelowShare }: { from: number; fromShare: number; easeBelowShare: number },
): Limits {
  const whole = (value: number): number => Math.ceil(value - ROUNDING);
  const open = Math.max(from, whole(fromShare * of));
  const easeFrom = fromShare > 0 ? (from * easeBelowShare) / fromShare : 0;
  return { open, ease: Math.max(1, Math.min(whole(Math.max(easeFrom, easeBelowShare * of)), open - BAND)) };
}

/** How the area stands after one more observation; undefined while it was never struck. Time must not run backwards. */
export function judgeArea(before: Standing | undefined, seen: Observation, rule: AreaRule): Standing | undefined {
  const own = householdLimits(seen.of, rule.households);
  const parts = partsLimits(seen.parts, rule);
  const enough = rule.carriedBy?.atLeastParts ?? 0;
  const [carrying, holding] = [seen.spread?.carrying ?? 0, seen.spread?.holding ?? 0];
  const struck =
    (seen.households >= own.open && carrying >= enough) || (parts !== undefined && seen.struckParts >= parts.open);
  const below =
    (seen.households < own.ease || holding < enough) && (parts === undefined || seen.struckParts < parts.ease);
  if (before === undefined || before.state === 'ended')
    return struck ? { state: 'open', openedMs: seen.atMs, sinceMs: seen.atMs } : before;
  const { stood } = seen;
  // What was never there has nothing to ease from, as with a household's episode (docs/adr/0029).
  if (!struck && stood !== undefined && stood.households < own.open && stood.struckParts < (parts?.open ?? Infinity))
    return { ...before, state: 'ended', sinceMs: seen.atMs, recalled: true };
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
