/** What a fan-out may have to share the machine with, and must not be slowed by: asked for by `--beside`. */
export const besideNames = ['simulations', 'sweep'] as const;
export type BesideName = (typeof besideNames)[number];

/** Counted from {@link Beside.start} to {@link Beside.stop}. */
export type BesideCounts = Readonly<Record<string, number>>;

export interface Beside {
  /** Resolves when it is well under way. */
  start(): Promise<void>;
  /** Ends it, waits until nothing of it is left, and answers what was done. Refuses where it was over before it was stopped. */
  stop(): Promise<BesideCounts>;
}

/** The same shock, alternately alone and beside it. Seconds are medians from the 202 to the last case and its event. */
export interface BesideLine {
  readonly what: BesideName;
  readonly aloneSeconds: number;
  readonly besideSeconds: number;
  readonly ratio: number;
  /** Sums over all runs beside it. */
  readonly counts: BesideCounts;
  readonly runs: readonly { readonly alone: number; readonly beside: number; readonly counts: BesideCounts }[];
}

/** One line for people. */
export function textOfBeside({ what, aloneSeconds, besideSeconds, ratio, counts, runs }: BesideLine): string {
  const told = Object.entries(counts).map(([name, n]) => `${name} ${n}`);
  return `beside ${what}: ${besideSeconds} s, alone ${aloneSeconds} s (medians of ${runs.length}), ratio ${ratio}; ${told.join(', ')}`;
}
