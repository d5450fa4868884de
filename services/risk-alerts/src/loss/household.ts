/**
 * What a loss model sees of a household, and what it answers. Only this crosses into the models, so that an explanation
 * holds the same values and can be computed again (architecture §8).
 */
import { alertReasons } from '@fangpin/contracts';
import type { LiftReason } from '@fangpin/policy';
import { dayOfNumber } from './recent-removal.rule.js';

/** One line of a household's livelihood that a shock may touch. Crops in hundredths of a mu, animals in heads, jobs in persons. */
export interface ExposedLivelihood {
  readonly product: number;
  readonly quantity: number;
  /** Duty code of the land, pen or workplace. */
  readonly place: number;
}

export interface AssessedHousehold {
  readonly persons: number;
  /** Rolling twelve-month net income per head, fen; null where it is not known. */
  readonly perCapitaFen: number | null;
  /** Bits of {@link householdFacts}: what makes a household weak whatever its income. */
  readonly facts: number;
  /** Day (days since 1970) on which its risk was removed; null or absent where it was not, or nobody has said when. */
  readonly removedDay?: number | null;
  readonly livelihoods: readonly ExposedLivelihood[];
  /** For lay-offs: wages of a year for each member with a job, fen; null where not known, absent for other shocks. */
  readonly wageFenPerWorker?: number | null;
  /** Hard spending over the twelve months after refunds, fen, whole household; null or absent where not known. */
  readonly spendingFen?: number | null;
}

/** Loss over twelve months in fen: low ≤ middle ≤ high. */
export interface LossRange {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

export type WithheldReason = 'immaterial' | 'income-well-above-line' | 'below-alert-level';

export interface Verdict {
  readonly loss: LossRange;
  /** Projected per-capita income by the middle estimate, fen; null where income is not known. */
  readonly projectedFen: number | null;
  /** 0 none, 1 blue … 4 red. */
  readonly severity: number;
  /** Bits of `alertReasons`. */
  readonly reasons: number;
  /** Why no alert is raised although there is a loss; absent when it is. */
  readonly withheld?: WithheldReason;
  /** What was taken for its income per head, fen, in an alert of a household whose own is not known. Not stored: the policy tells. */
  readonly assumedFen?: number;
  /** It is near the line by the high estimate of the loss rather than by the middle one. Not stored: the policy tells. */
  readonly atWorst?: true;
  /** What has befallen it weighs little beside how it stood before, which would have counted for more. Not stored: the policy tells. */
  readonly heldDown?: true;
  /** No monitoring line was set for the place: judged by its need alone, its income was compared with nothing. Not stored: the policy tells. */
  readonly lineUnknown?: true;
}

export interface HouseholdFacts {
  readonly labourers: number;
  readonly severelyDisabled: number;
  /** Values of MonitoringStatus in proto/fangpin/registry/v1. */
  readonly monitoring: number;
  /** Values of DwellingGrade. */
  readonly dwelling: number;
  readonly onlyDwelling: boolean;
}

const MONITORED = 2;
const REMOVED = 3;
const GRADE_C = 3;

/**
 * The facts that lift severity (rulebook §3.6, §7.2; only the only dwelling counts), as bits of `alertReasons`. Whether a removed
 * risk was removed recently is a matter of the day judged ({@link factsJudged}).
 */
export function householdFacts(household: HouseholdFacts): number {
  let bits = 0;
  if (household.labourers === 0) bits |= alertReasons.noLabour.bit;
  if (household.severelyDisabled > 0) bits |= alertReasons.severeDisability.bit;
  if (household.monitoring === MONITORED) bits |= alertReasons.alreadyMonitored.bit;
  if (household.monitoring === REMOVED) bits |= alertReasons.recentlyRemoved.bit;
  if (household.onlyDwelling && household.dwelling >= GRADE_C) bits |= alertReasons.unsafeDwelling.bit;
  return bits;
}

/** The day on which the risk was removed, of a household whose monitoring status holds since a day. */
export function removedDay({ monitoring }: Pick<HouseholdFacts, 'monitoring'>, sinceDay: number | null): number | null {
  return monitoring === REMOVED ? sinceDay : null;
}

/** The day on which the risk was removed as people write it, YYYY-MM-DD; null where it was not, or nobody has said when. */
export function removedOn({ removedDay: day }: Pick<AssessedHousehold, 'removedDay'>): string | null {
  return day === undefined || day === null ? null : dayOfNumber(day);
}

/**
 * The facts that count: a risk that was removed before `recentSince` is no longer recently removed. Where nobody has said when it was
 * removed it counts as recent, and so does a removal after the day judged: the household was at risk then.
 */
export function factsJudged({ facts, removedDay: day }: AssessedHousehold, recentSince: () => number): number {
  const { bit } = alertReasons.recentlyRemoved;
  if ((facts & bit) === 0 || day === undefined || day === null) return facts;
  return day >= recentSince() ? facts : facts & ~bit;
}

/** Facts of a household that lift severity, by levels that the policy names for each. */
export const LIFT_REASONS: readonly LiftReason[] = [
  'noLabour',
  'severeDisability',
  'alreadyMonitored',
  'recentlyRemoved',
  'unsafeDwelling',
];

/** The bits of `reasons` that are facts of the household rather than findings about its income. */
export const FACT_BITS = LIFT_REASONS.reduce((bits, reason) => bits | alertReasons[reason].bit, 0);

/**
 * The facts of a household out of a stored verdict: the rule of the removal is asked again where its day was kept, so that an
 * explanation names the record that it rests on, also where that said "no longer recent".
 */
export function storedFacts(reasons: number, removed: number | null): number {
  return (reasons & FACT_BITS) | (removed === null ? 0 : alertReasons.recentlyRemoved.bit);
}
