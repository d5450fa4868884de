/** When a notice that states no end is over: so many hours (policy `notice-expiry-hours`) after it was said. */

export interface AssumedEnd {
  /** From when on the hours count. */
  readonly from: Date;
  /**
   * It was known to be in force then, since a list of all that is in force held it: it lives on by whole lives until one ends
   * after that. Absent: it lives once.
   */
  readonly after?: Date;
}

const HOUR_MS = 3_600_000;

/** `hours` are those of one life. */
export function assumedEnd({ from, after }: AssumedEnd, hours: number): Date {
  const life = hours * HOUR_MS;
  const past = after === undefined ? 0 : Math.max(0, Math.floor((after.getTime() - from.getTime()) / life));
  return new Date(from.getTime() + (past + 1) * life);
}
