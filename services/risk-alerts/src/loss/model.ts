/** What every loss model is, whatever it is about. */
import type { DutyRange } from '@fangpin/domain-kit';
import type { LossPerUnit } from './crop-loss.rule.js';
import type { AssessedHousehold, ExposedLivelihood, LossRange, Verdict } from './household.js';
import type { ReportedShare } from './reported-share.rule.js';
import type { SeverityPolicy } from './severity.rule.js';

/**
 * What stood where a shock was reported, by position in its report. In each damaged region: for crops the area of the report's crops,
 * hundredths of a mu; for houses their number by grade (unknown, A, B, C, D), five numbers a region; heads of its animals. Of each product
 * that finds no buyer: hundredths of a mu, or heads. Of a lay-off one number: the members who worked there. Empty of what needs none, and of
 * stock and lay-offs that were planned before this was counted.
 */
export type StandingAreas = readonly number[];

export interface LossModel {
  readonly policy: SeverityPolicy;
  /** Loss per unit of one livelihood (house, drinker) of a household; zero where the shock does not touch it. */
  unitLoss(livelihood: ExposedLivelihood, household: AssessedHousehold): LossPerUnit;
  loss(household: AssessedHousehold): LossRange;
  /** Of a lay-off, or a product that finds no buyer: what part of all that is there the report counts, for explanations. */
  reported?(product: number): ReportedShare | undefined;
  /** The verdict, or nothing when the household loses nothing (it is not exposed). */
  assess(household: AssessedHousehold): Verdict | undefined;
}

export const NOTHING: LossPerUnit = { low: 0, middle: 0, high: 0 };

/** The first that holds a place is the nearest one named around it, whose word counts; those as wide as each other stay in their order. */
export function narrowestFirst<T extends { readonly range: DutyRange }>(areas: readonly T[]): T[] {
  const width = ({ range }: T): number => range.hi - range.lo;
  return [...areas].sort((a, b) => width(a) - width(b));
}
