/** JSON schemas of the values, key by key: the check that TypeScript cannot make on a data file. */
import { intakeSchemas, intakeSubjectKeys } from './intake-schemas.js';
import type { SchemaObject } from 'ajv';
import { dangerSchemas, dangerSubjectKeys } from './danger-schemas.js';
import {
  each,
  estimate,
  fen,
  integer,
  level,
  LEVELS,
  LEVELS_OR_UNKNOWN,
  number,
  object,
  share,
} from './schema-parts.js';
import type { PolicyKey } from './values.js';

const levelOrNever = integer(1, 5);
const hours = object({ hours: integer(1, 24 * 366) });
const areaThreshold = object({ fromHouseholds: integer(3, 1e6), fromShare: share, easeBelowShare: share });
const partsThreshold = object({ fromParts: integer(3, 10_000), fromShare: share, easeBelowShare: share });
const aboveThreshold = object({
  households: areaThreshold,
  carriedBy: object({
    atLeastParts: integer(2, 10_000),
    fromHouseholds: integer(3, 1e6),
    fromShare: share,
    easeBelowShare: share,
  }),
  struckParts: partsThreshold,
});
const axis = object({ a: number(-20, 20), b: number(0, 5), c: number(0, 20), r0Km: number(0.1, 100) });
const intensity = integer(1, 12);
/** The lines on file go from 6,000 to 8,700 yuan: half the lowest and some ten times the highest, so that no slip of the unit passes. */
const line: SchemaObject = {
  ...integer(300_000, 10_000_000),
  description: 'fen per head and year: a line lies between 3,000 and 100,000 yuan',
};
const lane: SchemaObject = { enum: ['recorded', 'notice', 'alert'] };

export const valueSchemas: Readonly<Record<PolicyKey, SchemaObject>> = {
  'monitoring-line': object({ fen: line }),
  lane: object({ observed: lane, forecast: each(LEVELS_OR_UNKNOWN, lane) }),
  'notice-expiry-hours': hours,
  'notice-answer-hours': hours,
  'village-answer-correction-hours': hours,
  'hazard-loss': each(LEVELS_OR_UNKNOWN, estimate(share)),
  'crop-loss': object({
    grossFenPerMu: estimate(fen),
    atStakeByMonth: { type: 'array', items: share, minItems: 12, maxItems: 12 },
    sensitivity: { type: 'object', additionalProperties: number(0, 3) },
  }),
  'damage-share': each(['hit', 'damaged', 'lost'], estimate(share)),
  'animal-price': object({
    liveWeightKg: estimate(number(0.1, 2000)),
    soldPerHead: estimate(number(0, 10)),
    breakEvenFenPerKg: fen,
  }),
  'price-fall': object({
    windowWeeks: integer(4, 260),
    minWindowWeeks: integer(1, 260),
    markFallShare: share,
    consecutiveWeeks: integer(1, 52),
    endFallShare: share,
    endConsecutiveWeeks: integer(1, 52),
    levelFromFallShare: each(LEVELS, share),
  }),
  'severity-bands': object({
    incomeRatioBelow: each(LEVELS, number(0, 100)),
    lossShareFrom: each(LEVELS, number(0, 100)),
    lossShareCountsBelowRatio: number(0, 100),
    lowProjectionUnderLine: level,
    incomeUnknown: level,
    materialLossShareOfLine: share,
    lift: each(
      ['noLabour', 'severeDisability', 'alreadyMonitored', 'recentlyRemoved', 'unsafeDwelling'],
      integer(0, 3),
    ),
    maxLift: integer(0, 3),
  }),
  triage: object({ alertFrom: levelOrNever, caseFrom: levelOrNever }),
  clocks: object({ days: integer(1, 366), kind: { enum: ['working', 'calendar'] } }),
  // Records from before confirmations were carried over name no share.
  'confirm-over': {
    ...object({ households: integer(0, 1e9) }),
    properties: { households: integer(0, 1e9), mayGrowByShare: number(0, 10) },
  },
  'report-jump': object({ growthFactor: number(1, 1000), fromMu: number(0, 1e8), fromHouses: integer(0, 1e8) }),
  'forecast-match': object({
    hours: integer(0, 24 * 366),
    kinds: { type: 'array', items: { type: 'string' }, uniqueItems: true },
  }),
  'wage-loss': object({ weeksWithoutWork: estimate(number(0, 52)), wageFenPerYear: estimate(fen) }),
  'crop-price': object({ soldShare: estimate(share) }),
  'unsold-stock': object({ unsoldShare: estimate(share), lostValueShare: estimate(share), usualFenPerKg: fen }),
  'quake-attenuation': object({
    name: { type: 'string', minLength: 1 },
    longAxis: axis,
    shortAxis: axis,
    sigma: number(0, 3),
    crustalDepthKm: number(0, 100),
  }),
  'quake-level': object({ floorIntensity: intensity, fromIntensity: each(LEVELS, intensity) }),
  'quake-same-event': object({ seconds: integer(0, 30), km: number(0, 500), magnitude: number(0, 5) }),
  'quake-magnitude': object({ plus: number(-2, 2) }),
  'quake-unknowns': object({
    depthKm: number(0, 100),
    countyRadiusKm: number(0, 100),
    townshipRadiusKm: number(0, 100),
    villageRadiusKm: number(0, 100),
  }),
  'no-risk-memory-months': object({ months: integer(0, 120), worseByLevels: integer(1, 3) }),
  'snapshot-hold': object({
    smallerShare: share,
    believedAfterHours: integer(0, 24 * 7),
    aheadMinutes: integer(0, 24 * 60),
    keptDays: integer(0, 3660),
  }),
  'source-silence': object({
    factor: number(1, 100),
    floorMinutes: integer(1, 527_040),
    quantile: number(0.5, 1),
    weeks: integer(1, 104),
    minGaps: integer(1, 366),
    untilKnownMinutes: integer(1, 527_040),
  }),
  'price-series': object({
    maxGapDays: integer(7, 366),
    gapOverHabit: number(1, 10),
    maxSilenceDays: integer(7, 3660),
    outlierFactor: number(1.1, 100),
    outlierNeighbours: integer(1, 100),
    minReferenceWeeks: integer(1, 260),
    reviseShare: number(0.01, 1),
  }),
  'price-under-cost': object({
    consecutiveWeeks: integer(1, 52),
    endConsecutiveWeeks: integer(1, 52),
    levelFromShare: each(LEVELS, share),
  }),
  'price-signal-lane': each(LEVELS, lane),
  'pig-grain-ratio': object({
    maxPairDays: integer(0, 31),
    steps: {
      type: 'array',
      minItems: 1,
      items: object({
        belowPermille: integer(1, 100_000),
        consecutiveWeeks: integer(1, 52),
        level: { enum: [...LEVELS] },
      }),
    },
    endFromPermille: integer(1, 100_000),
    endConsecutiveWeeks: integer(1, 52),
  }),
  'area-overlap': object({ ofRegion: share, ofShape: share, covered: share }),
  'observed-life': object({ days: integer(1, 3660) }),
  'report-age': object({ days: integer(1, 3660) }),
  'regional-warning': object({
    ...each(['village', 'township', 'county'], areaThreshold).properties,
    ...each(['villagesOfTownship', 'townshipsOfCounty'], partsThreshold).properties,
    withinDays: integer(1, 366),
    atMostPerShock: integer(0, 1000),
    endAfterDays: integer(0, 366),
  }),
  caseworkers: object({ perTownship: number(0.1, 1000) }),
  'late-income': object({ days: integer(0, 366) }),
  'recent-removal': object({ months: integer(0, 120) }),
  'income-unknown': object({ asRatioOfLine: number(0, 100) }),
  'held-back-finding': object({ months: integer(0, 120) }),
  'changed-household': object({ restHours: integer(0, 720), latestHours: integer(0, 8760), fromShare: number(0, 1) }),
  'report-asks': object({
    kinds: { type: 'array', items: { type: 'string' }, uniqueItems: true },
    fromVillages: integer(2, 1e6),
    hours: integer(1, 24 * 366),
  }),
  'episode-life': object({
    easeAfterDays: integer(0, 366),
    endAfterDays: integer(0, 366),
    reissueWithinDays: integer(0, 3660),
    standsDays: integer(1, 3660),
    tellAgainAfterHours: integer(1, 24 * 366),
  }),
  tellings: object({ perDay: integer(1, 24) }),
  'regional-warning-above': object({
    ...each(['prefecture', 'province'], aboveThreshold).properties,
    endAfterDays: integer(0, 366),
  }),
  ...dangerSchemas,
  ...intakeSchemas,
};

/** Keys whose records name a subject; all others refuse one. */
export const subjectKeys: ReadonlySet<string> = new Set([
  'lane',
  'notice-expiry-hours',
  'hazard-loss',
  'crop-loss',
  'animal-price',
  'price-fall',
  'clocks',
  'forecast-match',
  'wage-loss',
  'unsold-stock',
  'crop-price',
  'source-silence',
  'quake-magnitude',
  'price-series',
  'price-under-cost',
  'price-signal-lane',
  'observed-life',
  'regional-warning',
  'episode-life',
  'regional-warning-above',
  ...dangerSubjectKeys,
  ...intakeSubjectKeys,
]);

const day: SchemaObject = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a day as 2026-07-18' };
const words: SchemaObject = {
  type: 'string',
  pattern: '(?:[\\p{L}\\p{N}][^\\p{L}\\p{N}]*){3}',
  description: 'words, of three letters or digits at least',
};

/** Everything of a record but its value. */
export const recordSchema: SchemaObject = {
  type: 'object',
  properties: {
    key: { type: 'string' },
    subject: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' },
    region: { type: 'string' },
    from: day,
    to: day,
    recorded: day,
    value: {},
    source: {
      type: 'object',
      properties: {
        document: words,
        clause: { type: 'string', minLength: 1 },
        grade: { enum: ['S', 'G', 'N', 'M', 'O', 'C', 'unsourced'] },
      },
      required: ['document', 'grade'],
      additionalProperties: false,
    },
    author: words,
    reason: words,
    assumed: { type: 'boolean' },
  },
  required: ['key', 'region', 'from', 'value', 'source', 'author', 'reason'],
  additionalProperties: false,
};
