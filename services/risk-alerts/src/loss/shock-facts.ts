/** A shock as loss models need it: read once from its event, plain numbers inside. */
import { findShockKind, type Cause, type Shock, ShockLevel, ShockState } from '@fangpin/contracts';
import { dutyRange, parseRegionCode, shanghaiDay, type DutyRange, type RegionCode } from '@fangpin/domain-kit';

export interface DamagedArea {
  readonly region: RegionCode;
  readonly range: DutyRange;
  /** Hundredths of a mu. */
  readonly hit: number;
  readonly damaged: number;
  readonly lost: number;
  /** Codes of the crops named; empty means all. */
  readonly products: readonly number[];
  readonly housesCollapsed: number;
  readonly housesDamaged: number;
}

/** Animals of an area that a report of a disease counts; heads. */
export interface DiseasedArea {
  readonly region: RegionCode;
  readonly range: DutyRange;
  readonly product: number;
  readonly deadHeads: number;
  readonly culledHeads: number;
}

/** Seismic intensity of an area (烈度), 1–12. */
export interface IntensityArea {
  readonly region: RegionCode;
  readonly range: DutyRange;
  readonly intensity: number;
}

export interface WaterCutFacts {
  /** Codes of water schemes; empty where the shock's regions are meant. */
  readonly schemes: readonly string[];
  /** 0 where not stated. */
  readonly days: number;
}

export interface PriceFallFacts {
  readonly product: number;
  readonly market: string;
  readonly referenceFenPerKg: number;
  readonly latestFenPerKg: number;
  readonly fromDay: string;
  readonly latestDay: string;
}

/** Fen per kilogram, 0 where nothing is offered or it is not known. */
export interface UnsoldProduct {
  readonly product: number;
  readonly quantityKg: number;
  readonly offeredFenPerKg: number;
}

export interface LayOffFacts {
  /** Unified social credit code; empty where the workplaces of the shock's regions are meant. */
  readonly employer: string;
  /** Codes of the branches; empty means all. */
  readonly branches: readonly number[];
  readonly persons: number;
}

export interface ShockFacts {
  /** What it is to households, here: a shock may be several causes, and each is judged by itself. */
  readonly cause: Cause;
  readonly shockId: string;
  readonly revision: number;
  readonly kind: string;
  readonly level: number;
  /** False of a forecast. */
  readonly observed: boolean;
  readonly regions: readonly RegionCode[];
  readonly ranges: readonly DutyRange[];
  readonly headline: string;
  readonly source: string;
  /** Day at which policy and line are taken. */
  readonly judgedOn: string;
  /** Day of the onset, YYYY-MM-DD. */
  readonly beganOn: string;
  /** It is over: nothing has come of it since. */
  readonly ended: boolean;
  /** 1–12, of the onset in Asia/Shanghai. */
  readonly month: number;
  readonly damage: readonly DamagedArea[];
  readonly priceFall?: PriceFallFacts;
  readonly unsoldStock?: readonly UnsoldProduct[];
  readonly layOff?: LayOffFacts;
  readonly intensity: readonly IntensityArea[];
  /** The intensity was surveyed, not computed. */
  readonly intensityReported: boolean;
  readonly waterCut?: WaterCutFacts;
  /** Of an animal disease; empty while nobody has counted. */
  readonly animals: readonly DiseasedArea[];
}

/** The cause that a shock of its kind is first of all; {@link causesOf} tells all that it is under a policy. */
export function mainCauseOf(shock: Shock): Cause {
  if (shock.priceFall !== undefined) return 'price-fall';
  if (shock.unsoldStock !== undefined) return 'unsold-stock';
  if (shock.layOff !== undefined) return 'job-loss';
  if (shock.kind === WATER_CUT) return 'water';
  if (isAnimalDisease(shock.kind)) return 'animal-disease';
  return shock.intensity.length > 0 ? 'dwelling' : 'crop-disaster';
}

export const WATER_CUT = 'water-cut';

export const isAnimalDisease = (kind: string): boolean => findShockKind(kind)?.family === 'health';

const SCHEME = /^[A-Za-z0-9-]{1,32}$/;

/** Whether a text is the code of a water scheme as the register has them; others name nothing. */
export const isScheme = (text: string): boolean => SCHEME.test(text);

export function shockFacts(shock: Shock, cause: Cause = mainCauseOf(shock)): ShockFacts {
  const regions = shock.regions.map((code) => parseRegionCode(code, 'regions'));
  return {
    cause,
    shockId: shock.shockId,
    revision: Number(shock.revision),
    kind: shock.kind,
    level: shock.level === ShockLevel.UNSPECIFIED ? 0 : shock.level,
    observed: shock.observed,
    regions,
    ranges: regions.map(dutyRange),
    headline: shock.headline,
    source: shock.source,
    judgedOn: shock.judgedOn,
    beganOn: shock.onsetMs > 0n ? shanghaiDay(new Date(Number(shock.onsetMs))) : shock.judgedOn,
    ended: shock.state === ShockState.ENDED,
    month: Number(shock.judgedOn.slice(5, 7)),
    damage: shock.damage.map((area) => {
      const region = parseRegionCode(area.region, 'damage.region');
      const lost = Number(area.cropLostCentimu);
      const damaged = Math.max(Number(area.cropDamagedCentimu), lost);
      const hit = Math.max(Number(area.cropHitCentimu), damaged);
      return {
        region,
        range: dutyRange(region),
        hit,
        damaged,
        lost,
        products: area.products,
        housesCollapsed: area.housesCollapsed,
        housesDamaged: area.housesDamaged,
      };
    }),
    intensity: shock.intensity.map((area) => {
      const region = parseRegionCode(area.region, 'intensity.region');
      return { region, range: dutyRange(region), intensity: area.intensity };
    }),
    animals: shock.animalDisease.map(({ region: code, product, deadHeads, culledHeads }) => {
      const region = parseRegionCode(code, 'animalDisease.region');
      return { region, range: dutyRange(region), product, deadHeads, culledHeads };
    }),
    intensityReported: shock.intensityReported,
    ...(shock.priceFall
      ? {
          priceFall: {
            product: shock.priceFall.product,
            market: shock.priceFall.market,
            referenceFenPerKg: Number(shock.priceFall.referenceFenPerKg),
            latestFenPerKg: Number(shock.priceFall.latestFenPerKg),
            fromDay: shock.priceFall.fromDay,
            latestDay: shock.priceFall.latestDay,
          },
        }
      : {}),
    ...(shock.unsoldStock
      ? {
          unsoldStock: shock.unsoldStock.products.map(({ product, quantityKg, offeredFenPerKg }) => ({
            product,
            quantityKg: Number(quantityKg),
            offeredFenPerKg: Number(offeredFenPerKg),
          })),
        }
      : {}),
    ...(shock.layOff
      ? {
          layOff: {
            employer: shock.layOff.employer,
            branches: shock.layOff.branches,
            persons: shock.layOff.persons,
          },
        }
      : {}),
    ...(shock.waterCut
      ? {
          waterCut: {
            schemes: shock.waterCut.schemes.filter(isScheme),
            days: shock.waterCut.days,
          },
        }
      : {}),
  };
}
