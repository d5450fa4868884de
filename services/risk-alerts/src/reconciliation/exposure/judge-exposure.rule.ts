/** What the differences between the exposure and its owner mean (docs/adr/0032). Pure. */

export interface ExposureSeen {
  /** Rows that only the owner has, or that are not the same; without those that may still be on their way. */
  readonly mendable: number;
  /** Households that only the exposure has. */
  readonly strangers: number;
  /** More villages differ than the reply has room for. */
  readonly more: boolean;
  /** Something was said again in an earlier round. */
  readonly touched: boolean;
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
}

export type ExposureVerdict =
  | { readonly kind: 'agreed' | 'mended' }
  /** Have it said again, and ask again later. */
  | { readonly kind: 'again' }
  | { readonly kind: 'alarm'; readonly because: 'unknown-to-owner' | 'still-differs' };

export function judgeExposure({ mendable, strangers, more, touched, round, rounds }: ExposureSeen): ExposureVerdict {
  if (mendable === 0 && strangers === 0 && !more) return { kind: touched ? 'mended' : 'agreed' };
  const onlyStrangers = mendable === 0 && !more;
  // A stranger may have moved while it was asked about: in the second round the owner has said so.
  if (onlyStrangers && round > 1) return { kind: 'alarm', because: 'unknown-to-owner' };
  if (round < rounds) return { kind: 'again' };
  return { kind: 'alarm', because: onlyStrangers ? 'unknown-to-owner' : 'still-differs' };
}
