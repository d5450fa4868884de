/** When so many single risks in one place are a risk of the place (规模性返贫): values of `regional-warning` and `regional-warning-above`. */

/**
 * A warning opens at so many households and such a share of the place's active ones (both), and eases below the other share; in a
 * place so small that the number opens, below the same part of the number. Whatever is stated, it eases only at two fewer than it opens at.
 */
export interface AreaThreshold {
  readonly fromHouseholds: number;
  readonly fromShare: number;
  readonly easeBelowShare: number;
}

/** The same for parts: the villages of a township, the townships of a county, that have a warning of the same kind open. */
export interface PartsThreshold {
  readonly fromParts: number;
  readonly fromShare: number;
  readonly easeBelowShare: number;
}

/** One rule of early warning. An area is struck by its households or by its parts. */
export interface RegionalWarning {
  readonly village: AreaThreshold;
  readonly township: AreaThreshold;
  readonly county: AreaThreshold;
  readonly villagesOfTownship: PartsThreshold;
  readonly townshipsOfCounty: PartsThreshold;
  /** Alerts raised within so many days count. */
  readonly withinDays: number;
  /** Only shocks that alert at most so many households of a village count (single findings); 0: all. */
  readonly atMostPerShock: number;
  /** A warning that has stayed below for so many days since it eased is over. */
  readonly endAfterDays: number;
}

/** An area below carries a warning at so many households and such a share of its own; so many areas must. */
export interface CarryThreshold extends AreaThreshold {
  readonly atLeastParts: number;
}

/**
 * A prefecture or a province: struck by its households where several areas below carry them, so that the warning of one
 * county does not come again under another name, or by enough struck parts.
 */
export interface AboveThreshold {
  readonly households: AreaThreshold;
  readonly carriedBy: CarryThreshold;
  readonly struckParts: PartsThreshold;
}

/**
 * One rule of early warning above the county. Which alerts count, and for how many days, each county's `regional-warning` says: what
 * its look has counted is added up.
 */
export interface RegionalWarningAbove {
  readonly prefecture: AboveThreshold;
  readonly province: AboveThreshold;
  /** A warning that has stayed below for so many days since it eased is over. */
  readonly endAfterDays: number;
}
