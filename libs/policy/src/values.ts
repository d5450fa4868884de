/**
 * What each policy key holds. Money in fen, areas in mu, weights in kilograms, shares from 0 to 1. Where an estimate has
 * three values they are for loss models, which carry low, middle and high through to the verdict.
 */
import type { LevelName, LevelNameOrUnknown } from './levels.js';

export interface Estimate {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** 监测线 of a province and year, fen per head and year. Ask for it with `PolicySet.line`. */
export interface MonitoringLine {
  readonly fen: number;
}

export type Lane = 'recorded' | 'notice' | 'alert';

/** Where a shock of one kind goes. `observed` is for what has happened; `forecast` for warnings, by level. */
export interface LaneRule {
  readonly observed: Lane;
  readonly forecast: Readonly<Record<LevelNameOrUnknown, Lane>>;
}

export interface Hours {
  readonly hours: number;
}

/** What a mu of a crop is worth, and how much of it a blow in a month can take. */
export interface CropLoss {
  /** Gross yield value of a season, fen per mu. */
  readonly grossFenPerMu: Estimate;
  /** January to December: share of the season's value that stands in the field, 0–1. */
  readonly atStakeByMonth: readonly number[];
  /** Factor on a hazard's loss share by shock kind; 1 where the kind is missing. */
  readonly sensitivity: Readonly<Record<string, number>>;
}

/** Loss share of what stands in the field, by the shock's level, for places without a damage report. */
export type HazardLoss = Readonly<Record<LevelNameOrUnknown, Estimate>>;

/**
 * Loss share of the season's yield on the areas of a damage report. The areas are nested as in the statistics:
 * 受灾 holds 成灾, which holds 绝收; a model weighs (hit − damaged), (damaged − lost) and lost.
 */
export interface DamageShare {
  readonly hit: Estimate;
  readonly damaged: Estimate;
  readonly lost: Estimate;
}

/** How a price of live animals becomes a household's income. */
export interface AnimalPrice {
  readonly liveWeightKg: Estimate;
  /** Head sold within twelve months for each head now kept; above 1 where a herd turns over more than once. */
  readonly soldPerHead: Estimate;
  /** Production cost, fen per kilogram live weight: under it each head sold loses money. */
  readonly breakEvenFenPerKg: number;
}

/**
 * When a falling price is a shock. The reference at any day is the mean of the prices in the `windowWeeks` before it, and
 * counts once the oldest of them is `minWindowWeeks` old. The shock opens when every price over `consecutiveWeeks` weeks
 * (first to last, so three weekly prices are three weeks) lies `markFallShare` or more under its reference; it ends when
 * over `endConsecutiveWeeks` every price lies less than `endFallShare` under its reference. The reference price of the
 * shock is the one at opening.
 */
export interface PriceFallRule {
  readonly windowWeeks: number;
  readonly minWindowWeeks: number;
  readonly markFallShare: number;
  readonly consecutiveWeeks: number;
  readonly endFallShare: number;
  readonly endConsecutiveWeeks: number;
  /** The shock's level by its fall from the reference at opening: the highest level whose share is reached. */
  readonly levelFromFallShare: Readonly<Record<LevelName, number>>;
}

/** Reasons that lift a severity; the names of `alertReasons` in libs/contracts. */
export type LiftReason = 'noLabour' | 'severeDisability' | 'alreadyMonitored' | 'recentlyRemoved' | 'unsafeDwelling';

/** Severity of one household: the worst of its bands, lifted where it is weak. */
export interface SeverityBands {
  /** Level when middle projected per-capita income ÷ line is below the ratio; the highest level that fits. */
  readonly incomeRatioBelow: Readonly<Record<LevelName, number>>;
  /** Level when the middle loss ÷ income before it reaches the share … */
  readonly lossShareFrom: Readonly<Record<LevelName, number>>;
  /** … but only where projected income ÷ line is below this ratio. */
  readonly lossShareCountsBelowRatio: number;
  /** Least level when the low projected income lies under the line although the middle one does not. */
  readonly lowProjectionUnderLine: number;
  /** Level of a household whose income is not known (before any lift). */
  readonly incomeUnknown: number;
  /** A middle loss per head below this share of the line is not material: the household is withheld. */
  readonly materialLossShareOfLine: number;
  /** Levels added by each reason to a severity of at least 1, together at most `maxLift`; never past 4. */
  readonly lift: Readonly<Record<LiftReason, number>>;
  readonly maxLift: number;
}

/** Severities from which an alert is raised (below: withheld) and from which it opens a case (below: check list). 5 = never. */
export interface Triage {
  readonly alertFrom: number;
  readonly caseFrom: number;
}

/** Counted from the day after receipt to the end of the last day; working days are those of libs/calendar. */
export interface ClockLength {
  readonly days: number;
  readonly kind: 'working' | 'calendar';
}

/** Over so many households a shock waits for an officer's confirmation. */
export interface ConfirmOver {
  readonly households: number;
}

/** How long a check without risk answers for repeats, and how many levels worse a repeat must be to be checked again. */
export interface NoRiskMemory {
  readonly months: number;
  readonly worseByLevels: number;
}

/**
 * Which forecast an observed shock may have come of, where its report names none: warnings of the shock's own kind and of
 * `kinds`, over the same area, whose time (onset to expiry) lies at most `hours` from the shock's onset.
 */
export interface ForecastMatch {
  readonly hours: number;
  readonly kinds: readonly string[];
}

/**
 * When a later report of one event needs a written explanation: any of its figures falls, or reaches more than
 * `growthFactor` times what was reported and at least the amount named here. A first figure is no jump.
 */
export interface ReportJump {
  readonly growthFactor: number;
  readonly fromMu: number;
  readonly fromHouses: number;
}

/** What a household loses when one of its members loses a job of a branch. */
export interface WageLoss {
  /** Weeks until there is new work. */
  readonly weeksWithoutWork: Estimate;
  /** Wages of one worker, fen a year, where the household's own are not known. */
  readonly wageFenPerYear: Estimate;
}

/** What a grower or keeper loses when the product finds no buyer. */
export interface UnsoldLoss {
  /** Share of a year's produce that is left over. */
  readonly unsoldShare: Estimate;
  /** Share of its value that is gone where no price is offered, or the usual one is not known. */
  readonly lostValueShare: Estimate;
  /** Fen per kilogram that an offered price is measured by; 0 where not known. */
  readonly usualFenPerKg: number;
}

/**
 * When a list of all warnings in force is believed. One that is smaller than the last believed by `smallerShare` or more is
 * held back, until lists have stayed so small for `believedAfterHours`. One that bears a time more than `aheadMinutes` past
 * its receipt is refused. Lists are kept as they were sent for `keptDays`.
 */
export interface SnapshotHold {
  readonly smallerShare: number;
  readonly believedAfterHours: number;
  readonly aheadMinutes: number;
  readonly keptDays: number;
}

/** Keys that hold one value for a place and day. */
export interface SingleValues {
  'monitoring-line': MonitoringLine;
  'damage-share': DamageShare;
  'severity-bands': SeverityBands;
  triage: Triage;
  'confirm-over': ConfirmOver;
  'no-risk-memory-months': NoRiskMemory;
  'notice-answer-hours': Hours;
  'report-jump': ReportJump;
  'snapshot-hold': SnapshotHold;
}

/**
 * Keys that hold one value for each subject: a shock kind (`lane`, `notice-expiry-hours`, `hazard-loss`), a product key
 * (`crop-loss`, `animal-price`, `price-fall`, `unsold-stock`), a branch of work (`wage-loss`), or a clock's name (`clocks`). The subject `other` answers for those without
 * a record of their own.
 */
export interface SubjectValues {
  lane: LaneRule;
  'notice-expiry-hours': Hours;
  'hazard-loss': HazardLoss;
  'crop-loss': CropLoss;
  'animal-price': AnimalPrice;
  'price-fall': PriceFallRule;
  clocks: ClockLength;
  'forecast-match': ForecastMatch;
  'wage-loss': WageLoss;
  'unsold-stock': UnsoldLoss;
}

export type SingleKey = keyof SingleValues;
export type SubjectKey = keyof SubjectValues;
export type PolicyKey = SingleKey | SubjectKey;
export type PolicyValues = SingleValues & SubjectValues;

/** Names of the clocks; `first-visit` of a case, `check-item` of the village list, `identification` of the whole procedure. */
export type ClockName = 'first-visit' | 'check-item' | 'identification';
