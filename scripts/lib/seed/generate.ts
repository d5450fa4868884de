/** A made-up area of households: the same for the same settings, on every machine, one household at a time. */
import { levelOf, type RegionCode } from '@fangpin/domain-kit';
import { findRegion } from '@fangpin/regions';
import type { HouseholdLine } from '../../../services/household-registry/src/bulk/household-line.ts';
import { censusSizeShares, dwellings, PERSONS_PER_HOUSEHOLD, publishedGroups, RELOCATED_SHARE } from './calibration.ts';
import { sizeCounts } from './household-sizes.ts';
import { withIdNumbers } from './id-numbers.ts';
import { makeIncome, ratioAt, spansUntil, type IncomeEntry } from './income.ts';
import { withEmployers } from './employers.ts';
import { farmWorth, makeLivelihoods, withField } from './livelihoods.ts';
import { makeMembers } from './members.ts';
import { shareOut, villagesIn, type VillageShare } from './places.ts';
import { randomOf, shuffle, type Random } from './prng.ts';

export interface SeedSettings {
  readonly region: RegionCode;
  /** Where not told: the published group of the region. */
  readonly households?: number;
  readonly persons?: number;
  /** Another text gives other households of the same shape. */
  readonly seed?: string;
  /** Last month with income, `YYYY-MM`. */
  readonly asOf: string;
  /** Whether households without land get a field, so that a storm finds each one; for benchmarks. */
  readonly everyHouseholdFarms?: boolean;
}

export interface SeedPlan {
  readonly region: RegionCode;
  readonly households: number;
  readonly persons: number;
  readonly villages: readonly VillageShare[];
  readonly seed: string;
  readonly asOf: string;
  readonly everyHouseholdFarms: boolean;
}

export interface SeedHousehold {
  readonly line: HouseholdLine;
  readonly income: readonly IncomeEntry[];
}

/** Below this income per head ÷ mean a household is likely to be a 监测对象, or to have been one until lately. */
const MONITORED_BELOW = 0.577;
const REMOVED_BELOW = 0.7;

/** Settles totals and villages. Refuses a region without villages, and one without a published group when no number is told. */
export function planSeed({
  region,
  households,
  persons,
  seed = 'fangpin',
  asOf,
  everyHouseholdFarms = false,
}: SeedSettings): SeedPlan {
  if (findRegion(region) === undefined) throw new RangeError(`${region} is no known region`);
  spansUntil(asOf);
  const published = publishedGroups[region];
  const count = households ?? published?.households;
  if (count === undefined)
    throw new RangeError(`no published number of households for the ${levelOf(region)} ${region}; say how many`);
  const isPublished = published !== undefined && count === published.households;
  const heads = persons ?? (isPublished ? published.persons : Math.round(count * PERSONS_PER_HOUSEHOLD));
  const villages = shareOut(villagesIn(region), count, seed);
  return { region, households: count, persons: heads, villages, seed, asOf, everyHouseholdFarms };
}

/** The households of a plan in order of village, numbered from 1. */
export function* makeHouseholds(plan: SeedPlan): Generator<SeedHousehold> {
  const sizes = shuffledSizes(plan);
  const spans = spansUntil(plan.asOf);
  const villages = plan.villages.map(({ village }) => village);
  let number = 0;
  for (const { village, households } of plan.villages) {
    for (let i = 0; i < households; i += 1) {
      const name = `${plan.seed}/${plan.region}/${number}`;
      const random = randomOf(name);
      const size = sizes[number] as number;
      number += 1;
      const members = makeMembers(size, random);
      const originCode = random.chance(RELOCATED_SHARE) ? otherVillage(villages, village, random) : undefined;
      const made = makeLivelihoods(members, village, originCode ?? village, random);
      const livelihoods = plan.everyHouseholdFarms ? withField(made, originCode ?? village) : made;
      const ratio = ratioAt(random.next());
      const line: HouseholdLine = {
        sourceKey: `seed:${plan.region}:${String(number).padStart(6, '0')}`,
        villageCode: village,
        group: 'lifted-out',
        monitoring: monitoringAt(ratio, random),
        dwelling: random.pick(dwellings),
        onlyDwelling: random.chance(0.94),
        waterScheme: `W${village}-${random.between(1, 2)}`,
        ...(originCode === undefined ? {} : { originCode }),
        members: withIdNumbers(members, plan.region, number - 1, randomOf(`${name}/identities`)),
        livelihoods: withEmployers(livelihoods, randomOf(`${name}/employers`)),
      };
      yield { line, income: makeIncome(line.sourceKey, members, farmWorth(livelihoods), ratio, spans, random) };
    }
  }
}

function shuffledSizes(plan: SeedPlan): Uint8Array {
  const sizes = new Uint8Array(plan.households);
  let at = 0;
  sizeCounts(plan.households, plan.persons, censusSizeShares).forEach((count, i) => {
    sizes.fill(i + 1, at, at + count);
    at += count;
  });
  shuffle(sizes, randomOf(`${plan.seed}/${plan.region}/sizes`));
  return sizes;
}

function otherVillage(villages: readonly RegionCode[], home: RegionCode, random: Random): RegionCode | undefined {
  // People were moved within their county.
  const near = villages.filter((village) => village !== home && village.slice(0, 6) === home.slice(0, 6));
  return near.length === 0 ? undefined : near[random.between(0, near.length - 1)];
}

function monitoringAt(ratio: number, random: Random): HouseholdLine['monitoring'] {
  if (ratio < MONITORED_BELOW)
    return random.pick([
      ['monitored', 0.6],
      ['removed', 0.2],
      ['none', 0.2],
    ] as const);
  if (ratio < REMOVED_BELOW) return random.chance(0.1) ? 'removed' : 'none';
  return 'none';
}
