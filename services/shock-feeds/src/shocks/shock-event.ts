/** The event that followers get: the shock as one state, with all that a loss model needs. */
import { create } from '@bufbuild/protobuf';
import { Lane, PriceMeasure, ShockEnd, ShockSchema, ShockState, type Shock } from '@fangpin/contracts';
import type { ShockEntity } from './shock.entity.js';
import type { ShockFacts } from './shock.js';

const STATES = { open: ShockState.OPEN, ended: ShockState.ENDED, cancelled: ShockState.CANCELLED } as const;
const ENDS = {
  expiry: ShockEnd.EXPIRY,
  lifted: ShockEnd.LIFTED,
  cancelled: ShockEnd.CANCELLED,
  hysteresis: ShockEnd.HYSTERESIS,
  'taken-over': ShockEnd.TAKEN_OVER,
} as const;
const MEASURES = {
  fall: PriceMeasure.FALL,
  'under-cost': PriceMeasure.UNDER_COST,
  'pig-grain-ratio': PriceMeasure.PIG_GRAIN_RATIO,
} as const;
const LANES = { recorded: Lane.RECORDED, notice: Lane.NOTICE, alert: Lane.ALERT } as const;

/** `appliedBackwards`: this revision was asked for by an officer who applied the present policy to the past. */
export function shockEvent(shock: ShockEntity, appliedBackwards = false): Shock {
  return create(ShockSchema, {
    shockId: shock.shockId,
    revision: BigInt(shock.revision),
    kind: shock.kind,
    level: shock.level,
    observed: shock.observed,
    lane: LANES[shock.lane],
    state: STATES[shock.state],
    regions: [...shock.regions],
    onsetMs: BigInt(shock.onset.getTime()),
    expiresMs: BigInt(shock.expires?.getTime() ?? 0),
    headline: shock.headline,
    source: shock.source,
    policyVersion: shock.policyVersion,
    judgedOn: shock.judgedOn,
    damage: shock.damage.map((area) => ({
      region: area.region,
      cropHitCentimu: BigInt(area.cropHitCentimu),
      cropDamagedCentimu: BigInt(area.cropDamagedCentimu),
      cropLostCentimu: BigInt(area.cropLostCentimu),
      products: [...area.products],
      housesCollapsed: area.housesCollapsed,
      housesDamaged: area.housesDamaged,
    })),
    ...(shock.price === null
      ? {}
      : {
          priceFall: {
            product: shock.price.product,
            market: shock.price.market,
            referenceFenPerKg: BigInt(shock.price.referenceFenPerKg),
            latestFenPerKg: BigInt(shock.price.latestFenPerKg),
            fromDay: shock.price.fromDay,
            latestDay: shock.price.latestDay,
            signals: (shock.facts.priceSignals ?? []).map(({ measure, level, fromDay, latestPermille }) => ({
              measure: MEASURES[measure],
              level,
              fromDay,
              latestPermille: BigInt(latestPermille),
            })),
          },
        }),
    ...(shock.endedBy === null ? {} : { endedBy: ENDS[shock.endedBy] }),
    ...factsIn(shock.facts),
    policyAppliedBackwards: appliedBackwards,
  });
}

function factsIn({ intensity, unsoldStock, layOff, waterCut, animalDisease, forecastShockId }: ShockFacts) {
  return {
    ...(intensity === undefined
      ? {}
      : { intensity: intensity.zones.map((zone) => ({ ...zone })), intensityReported: intensity.reported }),
    ...(unsoldStock === undefined
      ? {}
      : {
          unsoldStock: {
            products: unsoldStock.products.map(({ product, quantityKg, offeredFenPerKg }) => ({
              product,
              quantityKg: BigInt(quantityKg),
              offeredFenPerKg: BigInt(offeredFenPerKg),
            })),
          },
        }),
    ...(layOff === undefined ? {} : { layOff: { ...layOff, branches: [...layOff.branches] } }),
    ...(waterCut === undefined ? {} : { waterCut: { ...waterCut, schemes: [...waterCut.schemes] } }),
    ...(animalDisease === undefined ? {} : { animalDisease: animalDisease.map((area) => ({ ...area })) }),
    ...(forecastShockId === undefined ? {} : { forecastShockId }),
  };
}
