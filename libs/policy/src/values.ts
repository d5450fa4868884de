/**
 * What each policy key holds. Money in fen, areas in mu, weights in kilograms, shares from 0 to 1. Where an estimate has
 * three values they are for loss models, which carry low, middle and high through to the verdict.
 */
import type { DangerSingleValues, DangerSubjectValues } from './danger-values.js';
import type { EpisodeSingleValues, EpisodeSubjectValues } from './episode-values.js';
import type { Estimate, WageLoss } from './estimates.js';
import type { IntakeSingleValues, IntakeSubjectValues } from './intake-values.js';
import type { LevelName, LevelNameOrUnknown } from './levels.js';
import type { RegionalWarning, RegionalWarningAbove } from './regional-values.js';

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
  /** A later revision goes on by an earlier one's confirmation while it reaches at most this share more households; none more where it is absent. */
  readonly mayGrowByShare?: number;
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

/** What a grower or keeper loses when the product finds no buyer. */
export interface UnsoldLoss {
  /** Share of a year's produce that is left over. */
  readonly unsoldShare: Estimate;
  /** Share of its value that is gone where no price is offered, or the usual one is not known. */
  readonly lostValueShare: Estimate;
  /** Fen per kilogram that an offered price is measured by; 0 where not known. */
  readonly usualFenPerKg: number;
}

/** What a grower loses when the price of a crop falls. */
export interface CropPrice {
  /** Share of a year's produce that is sold; what is eaten or fed at home loses nothing. */
  readonly soldShare: Estimate;
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

/**
 * When a source of shocks counts as silent, by what it sends. A gap is the longest silence that ended on a day, so that
 * a quiet night weighs as much as the talk of its day.
 */
export interface SourceSilence {
  /** Silent after so many times the usual gap … */
  readonly factor: number;
  /** … and never sooner than this. */
  readonly floorMinutes: number;
  /** The share of its gaps that is no longer than the usual gap, 0–1. */
  readonly quantile: number;
  /** Weeks before its last word that make the habit. */
  readonly weeks: number;
  /** With fewer gaps it has no habit yet … */
  readonly minGaps: number;
  /** … and counts as silent after this, unless the operator declared another length. */
  readonly untilKnownMinutes: number;
}

/** Intensity along one axis: I = a + b·Ms − c·lg(R + r0Km), R the distance from the epicentre in km. */
export interface AttenuationAxis {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly r0Km: number;
}

/** How the intensity (烈度) of an earthquake falls with distance. Asked of the county nearest to the epicentre. */
export interface QuakeAttenuation {
  /** Zone of the relation. */
  readonly name: string;
  readonly longAxis: AttenuationAxis;
  readonly shortAxis: AttenuationAxis;
  /** Scatter of the surveyed around the computed intensity. */
  readonly sigma: number;
  /** The relation is fitted to crustal earthquakes; what lies deeper adds to the distance. */
  readonly crustalDepthKm: number;
}

/** From which intensity an area counts, and which level the strongest intensity makes. */
export interface QuakeLevel {
  readonly floorIntensity: number;
  readonly fromIntensity: Readonly<Record<LevelName, number>>;
}

/** What turns a magnitude of a type into the surface-wave magnitude of Chinese notices. */
export interface QuakeMagnitude {
  readonly plus: number;
}

/** Statements of two catalogues are about one earthquake where time, place and size differ by no more. */
export interface QuakeSameEvent {
  readonly seconds: number;
  readonly km: number;
  readonly magnitude: number;
}

/** What is taken where it is not known: a depth, and the reach of a place of which only a point is loaded. */
export interface QuakeUnknowns {
  readonly depthKm: number;
  readonly countyRadiusKm: number;
  readonly townshipRadiusKm: number;
  readonly villageRadiusKm: number;
}

/** How a price series is read before any rule judges it. */
export interface PriceSeriesRule {
  /** More days than this between two prices break a run: nothing is claimed over weeks without prices. */
  readonly maxGapDays: number;
  /** … and more than this many times the usual days between two prices, for sheets by the month. */
  readonly gapOverHabit: number;
  /** After so many days without a price a shock of the series is over: its time ran out. */
  readonly maxSilenceDays: number;
  /** A price this many times above or below its neighbours' median is an outlier until the next one confirms it. */
  readonly outlierFactor: number;
  /** How many prices before it are its neighbours. */
  readonly outlierNeighbours: number;
  /** A mean counts as a reference once its window holds so many weeks of prices. */
  readonly minReferenceWeeks: number;
  /** Followers are told of a price that moved by this share of its reference since they last heard. */
  readonly reviseShare: number;
}

/**
 * When a price under the production cost (`animal-price`) is a signal: it opens when every price over `consecutiveWeeks`
 * lies under the cost and ends when over `endConsecutiveWeeks` none does.
 */
export interface UnderCostRule {
  readonly consecutiveWeeks: number;
  readonly endConsecutiveWeeks: number;
  /** The signal's level by the share under the cost: the highest level whose share is reached. */
  readonly levelFromShare: Readonly<Record<LevelName, number>>;
}

/** One level of a plan: reached when every ratio over `consecutiveWeeks` lies below. */
export interface RatioStep {
  /** Ratio in thousandths: 6:1 is 6000. */
  readonly belowPermille: number;
  readonly consecutiveWeeks: number;
  readonly level: LevelName;
}

/** 猪粮比价: the weekly price of pigs over that of maize in the same market. */
export interface PigGrainRatioRule {
  /** Days that may lie between the price of pigs and that of maize. */
  readonly maxPairDays: number;
  /** From the mildest to the gravest. The mildest opens the signal. */
  readonly steps: readonly RatioStep[];
  /** It ends when every ratio over `endConsecutiveWeeks` is this or more. */
  readonly endFromPermille: number;
  readonly endConsecutiveWeeks: number;
}

/** Where a price shock goes by what speaks for it; the lane of the kind (`lane`) is the most that it can reach. */
export type PriceSignalLane = Readonly<Record<LevelName, Lane>>;

/**
 * From which share of area on, 0 to 1, a drawn warning area means a region: less of the region than `ofRegion` and at
 * once less of the shape than `ofShape` is a sliver. `covered`: finer regions answer for a wider one once they hold this
 * share of what it has in common with the shape.
 */
export interface AreaOverlap {
  readonly ofRegion: number;
  readonly ofShape: number;
  readonly covered: number;
}

/** Keys that hold one value for a place and day. */
export interface SingleValues extends DangerSingleValues, EpisodeSingleValues, IntakeSingleValues {
  'monitoring-line': MonitoringLine;
  'damage-share': DamageShare;
  'severity-bands': SeverityBands;
  triage: Triage;
  'confirm-over': ConfirmOver;
  'no-risk-memory-months': NoRiskMemory;
  'notice-answer-hours': Hours;
  'village-answer-correction-hours': Hours;
  'report-jump': ReportJump;
  'snapshot-hold': SnapshotHold;
  'quake-attenuation': QuakeAttenuation;
  'quake-level': QuakeLevel;
  'quake-unknowns': QuakeUnknowns;
  'quake-same-event': QuakeSameEvent;
  'pig-grain-ratio': PigGrainRatioRule;
  'area-overlap': AreaOverlap;
  caseworkers: Caseworkers;
  /** How long after a finding was judged without the household's income it is judged again when the income comes. */
  'late-income': Days;
  /** How long a removed risk (风险消除) counts as removed recently, which lifts severity (`severity-bands`). */
  'recent-removal': Months;
  'income-unknown': IncomeUnknown;
  /** How long after its day a finding that raised no alert is judged again when something of its household changes. */
  'held-back-finding': Months;
  'report-asks': ReportAsks;
  /** How long ago what an officer reports as new may have begun, in days before the report: an older day is a slip, or history. */
  'report-age': Days;
}

/**
 * Which damage reports ask villages 受灾 or 未受灾: those of these kinds of shocks, by each area with figures that holds at least `fromVillages`
 * villages. A village answers within `hours` of the report.
 */
export interface ReportAsks {
  readonly kinds: readonly string[];
  readonly fromVillages: number;
  readonly hours: number;
}

/** What a household's loss and bills are compared with where its income is not known: so many lines per head. */
export interface IncomeUnknown {
  readonly asRatioOfLine: number;
}

/** Who handles the cases of a township (乡镇专干): what simulations divide cases by. */
export interface Caseworkers {
  readonly perTownship: number;
}

/** Months by the calendar: to the same day of the month, or to the last of one that lacks it. */
export interface Months {
  readonly months: number;
}

/** Days by the calendar. */
export interface Days {
  readonly days: number;
}

/**
 * Keys that hold one value for each subject: a shock kind (`lane`, `notice-expiry-hours`, `hazard-loss`), a product key
 * (`crop-loss`, `animal-price`, `crop-price`, `price-fall`, `unsold-stock`, `price-series`, `price-under-cost`), what speaks for a
 * price shock (`price-signal-lane`), a branch of work (`wage-loss`), a type of
 * magnitude (`quake-magnitude`), a clock's name (`clocks`) or an intake of shocks
 * (`source-silence`), a shock kind again for how long what has been observed stays open unless it is reported on (`observed-life`), a rule of early warning
 * for areas (`regional-warning`, `regional-warning-above`), a cause of risk (`episode-life`), or a department
 * (`department-findings`). The subject `other` answers for those without a record of their own.
 */
export interface SubjectValues extends DangerSubjectValues, EpisodeSubjectValues, IntakeSubjectValues {
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
  'crop-price': CropPrice;
  'quake-magnitude': QuakeMagnitude;
  'source-silence': SourceSilence;
  'price-series': PriceSeriesRule;
  'price-under-cost': UnderCostRule;
  'price-signal-lane': PriceSignalLane;
  'observed-life': Days;
  'regional-warning': RegionalWarning;
  'regional-warning-above': RegionalWarningAbove;
}

export type SingleKey = keyof SingleValues;
export type SubjectKey = keyof SubjectValues;
export type PolicyKey = SingleKey | SubjectKey;
export type PolicyValues = SingleValues & SubjectValues;

/** Names of the clocks; `first-visit` of a case, `check-item` of the village list, `identification` of the whole procedure. */
export type ClockName = 'first-visit' | 'check-item' | 'identification';
