/** When a source counts as silent: by its own habit, and by policy `source-silence` until it has one. Pure. */
import type { SourceSilence } from '@fangpin/policy';

const MINUTE_MS = 60_000;

export interface HeardSource {
  readonly lastHeardAt: Date | null;
  /** Silence before this is not the source's: it was not yet declared, or switched off. */
  readonly watchedSince: Date;
  /**
   * For each day of the weeks before its last word the longest silence that ended on it, in minutes. Counted back from
   * the last word and not from now: a habit must not fade while the source is silent.
   */
  readonly gapMinutes: readonly number[];
  /** Declared by the operator, or the account of a machine: missed also before it has a habit. */
  readonly expected: boolean;
  readonly declaredMinutes?: number;
}

export interface Silence {
  /** Null as long as there is no habit. */
  readonly usualGapMinutes: number | null;
  /** Null: its silence is never reported, for nothing says how often it should speak. */
  readonly silentAfterMinutes: number | null;
  /** The moment at which it began to count as silent; null while it does not. */
  readonly silentSince: Date | null;
}

/** Judges a source at a moment. Without a rule for its channel only a declared length counts. */
export function judgeSilence(source: HeardSource, rule: SourceSilence | undefined, at: Date): Silence {
  const usualGapMinutes = usualGap(source.gapMinutes, rule);
  const silentAfterMinutes = lengthOf(source, rule, usualGapMinutes);
  if (silentAfterMinutes === null) return { usualGapMinutes, silentAfterMinutes, silentSince: null };
  const since = Math.max(source.lastHeardAt?.getTime() ?? 0, source.watchedSince.getTime());
  const silentFrom = new Date(since + silentAfterMinutes * MINUTE_MS);
  return { usualGapMinutes, silentAfterMinutes, silentSince: at > silentFrom ? silentFrom : null };
}

function lengthOf(source: HeardSource, rule: SourceSilence | undefined, usual: number | null): number | null {
  if (rule !== undefined && usual !== null) return Math.max(rule.floorMinutes, Math.ceil(rule.factor * usual));
  if (source.declaredMinutes !== undefined) return source.declaredMinutes;
  return source.expected && rule !== undefined ? rule.untilKnownMinutes : null;
}

/** The quantile by nearest rank: one outage among ten ordinary days does not become the habit. */
function usualGap(gaps: readonly number[], rule: SourceSilence | undefined): number | null {
  if (rule === undefined || gaps.length < rule.minGaps) return null;
  const sorted = [...gaps].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(rule.quantile * sorted.length) - 1)] ?? null;
}
