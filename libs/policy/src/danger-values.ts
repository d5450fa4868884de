/**
 * Policy values of what endangers a household beside its income: its house, its water, what it must spend, and what needs no
 * income at all (rulebook §1.1, §3.5, §3.6). Money in fen, shares and probabilities from 0 to 1.
 */
import type { Estimate, WageLoss } from './estimates.js';
import type { LevelName, LevelNameOrUnknown } from './levels.js';

/** Grades of 危房等级; `unknown` where the house has not been graded. */
export type HouseGrade = 'unknown' | 'A' | 'B' | 'C' | 'D';

/** What a blow does to an ordinary sound house (grade B). */
export interface HouseDamage {
  /** Cost of mending as a share of building anew. */
  readonly repair: Estimate;
  /** Probability that nobody may live in it until it is mended. */
  readonly unsafe: number;
}

/** How much more easily than grade B a house of the grade is damaged. */
export interface DwellingGradeFactor {
  readonly factor: Readonly<Record<HouseGrade, number>>;
}

/** What houses of an area suffer from a hazard of a level where no report counts them. */
export type DwellingHazard = Readonly<Record<LevelNameOrUnknown, HouseDamage>>;

/** What a house counted as collapsed (倒塌) or damaged (损坏) in a report has suffered. */
export interface DwellingReport {
  readonly collapsed: HouseDamage;
  readonly damaged: HouseDamage;
}

/** What building a rural house anew costs. */
export interface DwellingCost {
  readonly rebuildFen: Estimate;
}

/** What it costs to do without piped water. */
export interface WaterCutCost {
  /** Bought or carried, fen for a person and day. */
  readonly fenPerPersonDay: Estimate;
  /** Taken where nobody says how long it lasts. */
  readonly daysWhereNotStated: number;
}

/**
 * Hard spending after refunds against income. It is never netted out of income (rulebook §2): it has bands of its own, the
 * worse of which counts.
 */
export interface SpendingBands {
  /** Level when spending ÷ income of the twelve months reaches the share … */
  readonly shareFrom: Readonly<Record<LevelName, number>>;
  /** … where what remains ÷ line is below this ratio. */
  readonly shareCountsBelowRatio: number;
  /** Level when (income − spending) ÷ line is below the ratio … */
  readonly remainderRatioBelow: Readonly<Record<LevelName, number>>;
  /** … where spending ÷ income is at least this share, so that a small bill does not make a poor household's case. */
  readonly remainderCountsFromShare: number;
}

/**
 * How bad a loss or bill can be at most by what it weighs itself, so that a trifle does not make a case of whoever was poor, in debt or
 * unknown before. Shares of the monitoring line, per head and year. What needs no income keeps its own level.
 */
export interface ImpactCeiling {
  /** Level that all money questions together may reach when loss and bill ÷ line reach the share. */
  readonly lossFrom: Readonly<Record<LevelName, number>>;
  /** Level that the household's income against the line may reach because of a bill ÷ line; else `spending-bands` alone judge a bill. */
  readonly billFrom: Readonly<Record<LevelName, number>>;
  /** From this level of a need on (only dwelling unsafe, water gone …) all else counts in full. 5 = never. */
  readonly graveNeedFrom: number;
}

/** Levels that a household reaches whatever it earns (突发严重困难户 are above the line). */
export interface NoIncomeBands {
  /** By the probability that the only dwelling is unsafe. */
  readonly unsafeDwellingFrom: Readonly<Record<LevelName, number>>;
  /** By the grade found in the only dwelling. */
  readonly unsafeGrade: { readonly C: number; readonly D: number };
  /** By days without water. */
  readonly waterGoneFromDays: Readonly<Record<LevelName, number>>;
  readonly earnerLost: number;
  readonly outOfSchool: number;
  readonly suspectedOutOfSchool: number;
}

/** From which sum on what a person spent in a year, after refunds, is a finding. */
export interface SpendingThreshold {
  /** Members of monitored, low-income and lifted-out households, fen. */
  readonly watchedFromFen: number;
  /** Other rural residents, fen. */
  readonly ordinaryFromFen: number;
  /** Sums are cumulative and come back monthly: again only when grown by this share of what was alerted. */
  readonly againAfterGrowthShare: number;
}

/** The level that a household reaches, whatever it earns, because a department has found this; 0 for none. */
export interface FindingNeed {
  readonly level: number;
}

/** From how many days of absence on a pupil counts as (suspected) drop-out. */
export interface DropOutDays {
  readonly suspectedFromDays: number;
  readonly droppedOutFromDays: number;
}

/**
 * What a disease takes from the animals of an area where nobody has counted heads, and how far grown those are that it takes.
 * Infected × dies are dead; of all others a share is killed by order (扑杀).
 */
export interface AnimalDisease {
  /** Keys of the animals that it takes. */
  readonly animals: readonly string[];
  readonly infectedShare: Estimate;
  /** Of the infected. */
  readonly diesShare: Estimate;
  /** Of those that have not died. */
  readonly culledShare: Estimate;
  /** Live weight of the animals in the pens as a share of that at sale: they die at every age. */
  readonly grownShare: Estimate;
}

/** Compensation for an animal killed by order (扑杀补助). */
export interface CullingCompensation {
  readonly fenPerHead: number;
  /** Where a disease has a figure of its own, by kind of shock. */
  readonly fenPerHeadOf: Readonly<Record<string, number>>;
  /** Share of it that a keeper has within twelve months. */
  readonly paidShare: Estimate;
}

/** What an earner's absence takes of an income, where the earner's own wages are not on record. */
export interface EarnerShare {
  /** At most this share of what the household is known to earn in twelve months, or of the line where it earns less. */
  readonly mostOfIncome: number;
}

/** One value for a place and day. */
export interface DangerSingleValues {
  'dwelling-grade': DwellingGradeFactor;
  'dwelling-report': DwellingReport;
  'dwelling-cost': DwellingCost;
  'water-cut': WaterCutCost;
  'spending-bands': SpendingBands;
  'no-income-bands': NoIncomeBands;
  'drop-out': DropOutDays;
  'impact-ceiling': ImpactCeiling;
  'earner-share': EarnerShare;
}

/**
 * One value for each subject: an intensity of earthquakes (`dwelling-quake`: `intensity-6` …), a kind of shock
 * (`dwelling-hazard`, `animal-disease`), an animal (`culling-compensation`), a kind of finding (`finding-spending`, `finding-need`, and `earner-loss`: weeks of the year that a main earner's wages are gone).
 */
export interface DangerSubjectValues {
  'dwelling-quake': HouseDamage;
  'dwelling-hazard': DwellingHazard;
  'finding-spending': SpendingThreshold;
  'earner-loss': WageLoss;
  'animal-disease': AnimalDisease;
  'culling-compensation': CullingCompensation;
  'finding-need': FindingNeed;
}
