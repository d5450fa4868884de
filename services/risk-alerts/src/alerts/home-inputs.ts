/** What an explanation shows of a house or of the water of a household. */
import { isWithin, parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import type { HouseGrade } from '@fangpin/policy';
import { fullName } from '@fangpin/regions';
import type { FanOut } from '../fan-out/fan-out.js';
import { dwellingBasis, type DwellingModel } from '../loss/dwelling-model.js';
import type { AssessedHousehold } from '../loss/household.js';
import { HOUSE_GRADES, houseOf } from '../loss/things.js';
import type { WaterModel } from '../loss/water-model.js';

export interface ExplainedHouse {
  readonly grade: HouseGrade;
  readonly only: boolean;
  readonly region: RegionCode;
  readonly billLowFen: number;
  readonly billFen: number;
  readonly billHighFen: number;
  /** Probability that nobody may live in it until it is mended, 0–1. */
  readonly unsafe: number;
  /** 烈度 at the house, where the shock states one. */
  readonly intensity: number | null;
  readonly intensityReported: boolean;
  /** What a report counts in the area of the house, and the houses that stand there; all in 户, one house a household. */
  readonly reported: {
    readonly region: RegionCode;
    readonly name: string;
    readonly collapsed: number;
    readonly damaged: number;
    readonly houses: number;
    /** Of them by grade, by which what is reported is spread over them. */
    readonly housesByGrade: Readonly<Record<HouseGrade, number>>;
  } | null;
}

export interface ExplainedWater {
  readonly days: number;
  /** False where nobody said how long, and the policy's days count. */
  readonly stated: boolean;
  readonly schemes: readonly string[];
  readonly region: RegionCode;
}

/** The house of a household under a dwelling fan-out. */
export function explainedHouse(
  { shock, standing }: Pick<FanOut, 'shock' | 'standing'>,
  { livelihoods: [thing] }: AssessedHousehold,
  model: DwellingModel,
): ExplainedHouse | undefined {
  const house = thing && houseOf(thing.product);
  if (thing === undefined || house === undefined) return undefined;
  const { bill, unsafe } = model.riskOf(thing);
  const basis = dwellingBasis(shock);
  const narrowest = <T extends { readonly range: { lo: number; hi: number } }>(areas: readonly T[]): T | undefined =>
    areas
      .filter(({ range }) => isWithin(thing.place, range))
      .reduce<T | undefined>(
        (best, next) => (best && best.range.hi - best.range.lo <= next.range.hi - next.range.lo ? best : next),
        undefined,
      );
  const counted = shock.damage.map((area, at) => ({ ...area, at }));
  const area =
    basis === 'report' ? narrowest(counted.filter((one) => one.housesCollapsed + one.housesDamaged > 0)) : undefined;
  return {
    grade: HOUSE_GRADES[house.grade] ?? 'unknown',
    only: house.only,
    region: parseRegionCode(String(thing.place)),
    billLowFen: Math.round(bill.low),
    billFen: Math.round(bill.middle),
    billHighFen: Math.round(bill.high),
    unsafe,
    intensity: basis === 'intensity' ? (narrowest(shock.intensity)?.intensity ?? null) : null,
    intensityReported: shock.intensityReported,
    reported:
      area === undefined
        ? null
        : {
            region: area.region,
            name: fullName(area.region) ?? area.region,
            collapsed: area.housesCollapsed,
            damaged: area.housesDamaged,
            ...housesOf(standing.slice(area.at * HOUSE_GRADES.length, (area.at + 1) * HOUSE_GRADES.length)),
          },
  };
}

/** `standing`: houses of one reported area in the order of grades. */
function housesOf(standing: readonly number[]): { houses: number; housesByGrade: Record<HouseGrade, number> } {
  const housesByGrade = { unknown: 0, A: 0, B: 0, C: 0, D: 0 };
  HOUSE_GRADES.forEach((grade, at) => (housesByGrade[grade] = standing[at] ?? 0));
  return { houses: standing.reduce((sum, houses) => sum + houses, 0), housesByGrade };
}

/** The water of a household under a cut. */
export function explainedWater(
  { shock: { waterCut } }: Pick<FanOut, 'shock'>,
  { livelihoods: [thing] }: AssessedHousehold,
  model: WaterModel,
): ExplainedWater | undefined {
  if (thing === undefined) return undefined;
  return {
    days: model.days,
    stated: (waterCut?.days ?? 0) > 0,
    schemes: waterCut?.schemes ?? [],
    region: parseRegionCode(String(thing.place)),
  };
}
