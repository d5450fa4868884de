/**
 * What part of all that stood somewhere a report has counted (docs/adr/0077-a-report-of-stock-or-jobs-is-as-large-as-it-says.md). Whose it was
 * is not known: low and middle of a household take this share of all that it has there, high takes all of it.
 */
export interface ReportedShare {
  /** What the report counts: kilograms left over, persons let go. */
  readonly counted: number;
  /** All that is known to be there: kilograms of a year's produce, members at work; null where nothing tells. */
  readonly known: number | null;
  /** At most 1; null where nothing was counted, or nothing tells of how much. */
  readonly share: number | null;
}

/** `counted`: 0 where the report does not say. What is there by now though nothing was known is all of it. */
export function reportedShare(counted: number, known: number | undefined): ReportedShare {
  if (known === undefined) return { counted, known: null, share: null };
  if (counted <= 0) return { counted, known, share: null };
  return { counted, known, share: known > 0 ? Math.min(1, counted / known) : 1 };
}
