/** A shock as loss models need it: read once from its event, plain numbers inside. */
import { type Shock, ShockLevel } from '@fangpin/contracts';
import { dutyRange, parseRegionCode, type DutyRange, type RegionCode } from '@fangpin/domain-kit';

export interface DamagedArea {
  readonly region: RegionCode;
  readonly range: DutyRange;
  /** Hundredths of a mu. */
  readonly hit: number;
  readonly damaged: number;
  readonly lost: number;
  /** Codes of the crops named; empty means all. */
  readonly products: readonly number[];
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
  readonly shockId: string;
  readonly revision: number;
  readonly kind: string;
  readonly level: number;
  readonly regions: readonly RegionCode[];
  readonly ranges: readonly DutyRange[];
  readonly headline: string;
  readonly source: string;
  /** Day at which policy and line are taken. */
  readonly judgedOn: string;
  /** 1–12, of the onset in Asia/Shanghai. */
  readonly month: number;
  readonly damage: readonly DamagedArea[];
  readonly priceFall?: PriceFallFacts;
  readonly unsoldStock?: readonly UnsoldProduct[];
  readonly layOff?: LayOffFacts;
}

export function shockFacts(shock: Shock): ShockFacts {
  const regions = shock.regions.map((code) => parseRegionCode(code, 'regions'));
  return {
    shockId: shock.shockId,
    revision: Number(shock.revision),
    kind: shock.kind,
    level: shock.level === ShockLevel.UNSPECIFIED ? 0 : shock.level,
    regions,
    ranges: regions.map(dutyRange),
    headline: shock.headline,
    source: shock.source,
    judgedOn: shock.judgedOn,
    month: Number(shock.judgedOn.slice(5, 7)),
    damage: shock.damage.map((area) => {
      const region = parseRegionCode(area.region, 'damage.region');
      const lost = Number(area.cropLostCentimu);
      const damaged = Math.max(Number(area.cropDamagedCentimu), lost);
      const hit = Math.max(Number(area.cropHitCentimu), damaged);
      return { region, range: dutyRange(region), hit, damaged, lost, products: area.products };
    }),
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
  };
}
