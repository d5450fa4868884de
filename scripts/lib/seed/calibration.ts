/**
 * What the made-up households are shaped by. Published figures are restated with their source; what no source was found for is
 * marked as an assumption. Nothing here describes a person.
 */

/** Households and persons lifted out of poverty (脱贫户, 脱贫人口), as the places' own plans for 2021–2025 state them. */
export const publishedGroups: Readonly<Record<string, { readonly households: number; readonly persons: number }>> = {
  // 永仁县巩固拓展脱贫攻坚成果同乡村振兴有效衔接规划（2021—2025年）
  '532327': { households: 6_265, persons: 22_245 },
  // 砚山县, plan of the same title (January 2023)
  '532622': { households: 14_822, persons: 64_994 },
  // 临沧市"十四五"规划 of the same title (临乡振发〔2022〕37号), with the monitored ones
  '5309': { households: 99_749, persons: 384_835 },
};

/** Registered persons in a household where no total is published: Yongren's 22,245 ÷ 6,265. */
export const PERSONS_PER_HOUSEHOLD = 22_245 / 6_265;

/**
 * Family households of Yongren by size, 1 to 8 and more. One person 24.2 % and the mean of 2.79 are of the 2020 census by county
 * (National Bureau of Statistics, China Statistics Press 2022); between them the shares are interpolated. The census counts
 * usual residents; the plan's 3.55 persons are registered ones, migrants included. So the shape is tilted to the plan's mean.
 */
export const censusSizeShares: readonly number[] = [0.242, 0.265, 0.2, 0.145, 0.085, 0.04, 0.016, 0.007];

/** Ages in Yongren, 2020 census by county: of 100 persons. The generator is held to them within a few points. */
export const censusAgeShares = { '0-14': 0.155, '15-64': 0.718, '65+': 0.127 } as const;

/** Disposable income per head in the rural part of Yongren lifted out of poverty, 2020, in yuan: the county's plan. */
export const MEAN_INCOME_2020_YUAN = 10_118;

/** Assumption: yearly growth since. The plan binds itself to more than 6 %; the country's rural income grew 6.3 % in 2022. */
export const INCOME_GROWTH = 1.065;

/**
 * Mean of each fifth of households ÷ mean of the five. Rural Fujian 2020 (Fujian Statistical Yearbook 2022, table 7-11: 7,900 …
 * 45,754 yuan) and rural Sanming 2022 (Sanming Statistical Yearbook 2023, table 5-11: 12,224 … 76,377 yuan), averaged. For
 * Yunnan no such table was found: they lend shape, not level.
 */
export const publishedFifths: readonly number[] = [0.342, 0.586, 0.848, 1.169, 2.055];

/** Assumption: households lifted out of poverty differ less than all rural households; deviations shrink to this share. */
export const SPREAD_OF_GROUP = 0.6;

/**
 * Income per head ÷ mean, by rank: straight lines through these points. Chosen so that each fifth has the mean that the two
 * figures above ask for (a spec checks) and that the poorest reach down to a third of the mean.
 */
export const incomeByRank: readonly (readonly [rank: number, ratio: number])[] = [
  [0, 0.35],
  [0.05, 0.577],
  [0.2, 0.715],
  [0.4, 0.81],
  [0.6, 1.0],
  [0.8, 1.2],
  [1, 2.06],
];

/** Rural Qinghai 2022 (statistical communiqué, tables 12–13): 4,751 + 5,586 + 380 + 3,739 of 14,456 yuan. Shape only, as above. */
export const sourceShares = { wage: 0.329, business: 0.386, property: 0.026, transfer: 0.259 } as const;

/** Assumption: production costs ÷ gross business income. The communiqué's business income is net of them. */
export const COST_SHARE = 0.38;

/** Of all employed persons of Yongren, 2020 census by county: 48.8 % in agriculture; the others work for wages or trade. */
export const NON_FARM_SHARE = 0.512;

/** Assumption: branches and places of work away from home. */
export const branches = [
  [200, 0.3],
  [201, 0.25],
  [202, 0.35],
  [203, 0.1],
] as const;

/** Kunming, Guangdong, Zhejiang, Panzhihua; the rest work in their own prefecture. */
export const workPlaces = [
  ['5301', 0.25],
  ['44', 0.2],
  ['33', 0.13],
  ['5104', 0.12],
  ['own-prefecture', 0.3],
] as const;

/**
 * Made-up firms by place of work ({@link workPlaces}): the place that issued the code and the firm's number. No firm has such
 * a code. Assumption: of three jobs one is on record with its employer.
 */
export const EMPLOYED_ON_RECORD = 0.35;
export const firms: Readonly<Record<string, readonly string[]>> = {
  '5301': ['91530100FPDEM0002', '91530100FPDEM0004'],
  '44': ['91441900FPDEM0001', '91441900FPDEM0005', '91440300FPDEM0006'],
  '33': ['91330200FPDEM0003'],
  '5104': ['91510400FPDEM0007'],
  'own-prefecture': ['91530000FPDEM0008', '91530000FPDEM0009'],
};

/** Assumptions: no local figure was found. A sixth of those with a disability certificate are put into grade 1 or 2. */
export const DISABLED_SHARE = 0.04;
export const SEVERE_AMONG_DISABLED = 0.3;
export const CHRONIC_SHARE = 0.08;
export const MAJOR_ILLNESS_SHARE = 0.008;

/** Assumption: households moved by the relocation programme; their land stays where they came from. */
export const RELOCATED_SHARE = 0.05;

/** Assumption: C and D are near nil since the housing campaign that ended in 2020. */
export const dwellings = [
  ['A', 0.7],
  ['B', 0.295],
  ['C', 0.004],
  ['D', 0.001],
] as const;

export interface ProductShape {
  readonly product: number;
  /** Share of households that have it. */
  readonly share: number;
  /** Hundredths of a mu, or heads; most are near the lower end. */
  readonly low: number;
  readonly high: number;
  /** Yuan of sales a mu or head and year: an order of magnitude that weighs households against each other, no price. */
  readonly worth: number;
  /** Share in single townships, where it differs. */
  readonly townships?: Readonly<Record<string, number>>;
}

/** Assumption: what Yongren's plan names as its products, with shares and sizes of an ordinary smallholding. */
export const productShapes: readonly ProductShape[] = [
  { product: 1, share: 0.55, low: 80, high: 350, worth: 1_250 },
  { product: 2, share: 0.75, low: 100, high: 500, worth: 950 },
  { product: 5, share: 0.35, low: 20, high: 300, worth: 4_000 },
  { product: 6, share: 0.15, low: 300, high: 1_200, worth: 3_900 },
  { product: 8, share: 0.3, low: 100, high: 600, worth: 800 },
  // The dry-hot valley of the Jinsha river lies in 永兴傣族乡.
  { product: 9, share: 0.03, low: 200, high: 1_000, worth: 3_000, townships: { '532327204': 0.6 } },
  { product: 13, share: 0.2, low: 100, high: 500, worth: 3_500 },
  { product: 100, share: 0.62, low: 1, high: 8, worth: 1_800 },
  { product: 101, share: 0.15, low: 1, high: 5, worth: 4_000 },
  { product: 102, share: 0.18, low: 4, high: 30, worth: 450 },
  { product: 103, share: 0.6, low: 5, high: 40, worth: 40 },
];

/** Assumption: pig farmers who keep many; the others fatten a few. */
export const LARGE_PIG_SHARE = 0.05;
export const LARGE_PIG_HERD = [10, 60] as const;
