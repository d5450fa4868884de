import type { Lane } from '@fangpin/policy';
import type { Problem } from '../cap/cap-message.js';

export const outcomes = ['accepted', 'updated', 'cancelled', 'duplicate', 'recorded', 'quarantined'] as const;
export type Outcome = (typeof outcomes)[number];

/** What a sender of a shock gets (surface.md). */
export interface IntakeAnswer {
  /** The shock that the message belongs to, that of the first one for updates and repeats; null while quarantined. */
  readonly shockId: string | null;
  readonly outcome: Outcome;
  /** Null while quarantined. */
  readonly lane: Lane | null;
  readonly problems: readonly Problem[];
  /** Under which it is released or dropped (`POST /v1/shocks/quarantine/{id}/release`); only of quarantined messages. */
  readonly quarantineId?: string;
}
