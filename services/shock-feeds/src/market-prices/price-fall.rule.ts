/**
 * When a falling price is a shock (policy key `price-fall`): it opens when every price over some weeks lies the marked
 * share or more under the mean of the prices before it, and ends when over some weeks none lies far under it any more, so
 * that one bad week neither starts nor ends one. Pure: the series decides, not the order in which its rows came.
 */
import type { PriceFallRule } from '@fangpin/policy';

export interface PricePoint {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly fenPerKg: number;
}

export interface PriceFallEpisode {
  /** First day past the mark. */
  readonly from: string;
  /** The day on which the run was long enough. */
  readonly openedOn: string;
  /** The day on which it was seen to be over; absent while it is open. */
  readonly endedOn?: string;
  /** Mean of the prices before `from`, fen per kilogram. */
  readonly referenceFenPerKg: number;
  /** Last price within the episode. */
  readonly latestFenPerKg: number;
  readonly latestDay: string;
  readonly lowestFenPerKg: number;
  /** The highest level that the fall from the reference has reached, 1–4. */
  readonly level: number;
}

const DAY_MS = 86_400_000;
const DAYS_A_WEEK = 7;
const LEVELS = ['blue', 'yellow', 'orange', 'red'] as const;

/**
 * The falls of one series, in the order of time. `points` in any order, one a day; `ruleOn` is the policy of a day. Prices of
 * days without policy are no shock themselves, but later ones are measured against them.
 */
export function findPriceFalls(
  points: readonly PricePoint[],
  ruleOn: (day: string) => PriceFallRule | undefined,
): PriceFallEpisode[] {
  const series = [...points].sort((a, b) => (a.day < b.day ? -1 : 1)).map((p) => ({ ...p, number: dayNumber(p.day) }));
  const referenceAt = trailingMeans(series);
  const episodes: PriceFallEpisode[] = [];
  let open: PriceFallEpisode | undefined;
  let run: { readonly since: number; readonly reference: number } | undefined;
  series.forEach((point, i) => {
    const rule = ruleOn(point.day);
    if (rule === undefined) return void (run = undefined);
    const reference = referenceAt(i, rule);
    if (open !== undefined) open = deepened(open, point, rule);
    const limit = open === undefined ? 1 - rule.markFallShare : 1 - rule.endFallShare;
    const counts =
      reference !== undefined &&
      (open === undefined ? point.fenPerKg <= reference * limit : point.fenPerKg > reference * limit);
    if (!counts) return void (run = undefined);
    run ??= { since: i, reference };
    const since = series[run.since] as (typeof series)[number];
    const weeks = open === undefined ? rule.consecutiveWeeks : rule.endConsecutiveWeeks;
    // A weekly price stands for its week, so three of them are three weeks.
    if (point.number - since.number + DAYS_A_WEEK < weeks * DAYS_A_WEEK) return;
    if (open === undefined) {
      open = opened(since.day, point.day, run.reference);
      for (const past of series.slice(run.since, i + 1)) open = deepened(open, past, rule);
    } else {
      episodes.push({ ...open, endedOn: point.day });
      open = undefined;
    }
    run = undefined;
  });
  return open === undefined ? episodes : [...episodes, open];
}

function opened(from: string, openedOn: string, reference: number): PriceFallEpisode {
  const referenceFenPerKg = Math.round(reference);
  return {
    from,
    openedOn,
    referenceFenPerKg,
    latestFenPerKg: referenceFenPerKg,
    latestDay: from,
    lowestFenPerKg: referenceFenPerKg,
    level: 1,
  };
}

function deepened(episode: PriceFallEpisode, point: PricePoint, rule: PriceFallRule): PriceFallEpisode {
  const fall = 1 - point.fenPerKg / episode.referenceFenPerKg;
  const level = LEVELS.filter((name) => fall >= rule.levelFromFallShare[name]).length;
  return {
    ...episode,
    latestFenPerKg: point.fenPerKg,
    latestDay: point.day,
    lowestFenPerKg: Math.min(episode.lowestFenPerKg, point.fenPerKg),
    level: Math.max(episode.level, level),
  };
}

/** The mean of the prices in the weeks before a point; `undefined` while the series does not reach back far enough. */
function trailingMeans(series: readonly { readonly number: number; readonly fenPerKg: number }[]) {
  const sums = [0];
  for (const point of series) sums.push((sums.at(-1) as number) + point.fenPerKg);
  return (i: number, rule: PriceFallRule): number | undefined => {
    const today = series[i]?.number ?? 0;
    const first = firstFrom(series, today - rule.windowWeeks * DAYS_A_WEEK);
    const oldest = series[first];
    if (oldest === undefined || first >= i || today - oldest.number < rule.minWindowWeeks * DAYS_A_WEEK)
      return undefined;
    return ((sums[i] as number) - (sums[first] as number)) / (i - first);
  };
}

/** Position of the first point on or after a day, by bisection. */
function firstFrom(series: readonly { readonly number: number }[], day: number): number {
  let low = 0;
  let high = series.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((series[middle]?.number ?? 0) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}
