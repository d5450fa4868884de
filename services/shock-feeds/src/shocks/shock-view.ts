/** A shock as HTTP shows it: times with the offset of Beijing, areas in mu, prices in fen. */
import { findMarketProduct, findProduct, levelKeys, type Level } from '@fangpin/contracts';
import { toBeijingTime } from '@fangpin/domain-kit';
import type { ShockEntity } from './shock.entity.js';

const CENTIMU = 100;

export function levelKey(level: number): string {
  return levelKeys[level as Level] ?? 'unknown';
}

function productName(code: number): string {
  return (findMarketProduct(code) ?? findProduct(code))?.name ?? String(code);
}

export function shockView(shock: ShockEntity) {
  return {
    id: shock.shockId,
    revision: shock.revision,
    kind: shock.kind,
    level: levelKey(shock.level),
    observed: shock.observed,
    lane: shock.lane,
    state: shock.state,
    regions: shock.regions,
    onset: toBeijingTime(shock.onset),
    expires: shock.expires === null ? null : toBeijingTime(shock.expires),
    headline: shock.headline,
    source: shock.source,
    origin: shock.origin,
    policyVersion: shock.policyVersion,
    judgedOn: shock.judgedOn,
    damage: shock.damage.map((area) => ({
      region: area.region,
      cropHitMu: area.cropHitCentimu / CENTIMU,
      cropDamagedMu: area.cropDamagedCentimu / CENTIMU,
      cropLostMu: area.cropLostCentimu / CENTIMU,
      products: area.products.map(productName),
      housesCollapsed: area.housesCollapsed,
      housesDamaged: area.housesDamaged,
    })),
    price: shock.price === null ? null : { ...shock.price, product: productName(shock.price.product) },
    intensity: shock.facts.intensity ?? null,
    unsoldStock: (shock.facts.unsoldStock?.products ?? []).map((stock) => ({
      ...stock,
      product: productName(stock.product),
    })),
    layOff:
      shock.facts.layOff === undefined
        ? null
        : { ...shock.facts.layOff, branches: shock.facts.layOff.branches.map(productName) },
    waterCut: shock.facts.waterCut ?? null,
    animalDisease: (shock.facts.animalDisease ?? []).map((area) => ({
      ...area,
      product: productName(area.product),
    })),
    priceSignals: (shock.facts.priceSignals ?? []).map((signal) => ({ ...signal, level: levelKey(signal.level) })),
    forecastShockId: shock.facts.forecastShockId ?? null,
    endedBy: shock.endedBy,
    endedAt: shock.endedAt === null ? null : toBeijingTime(shock.endedAt),
    cancelled: shock.cancelledBy === null ? null : { by: shock.cancelledBy, reason: shock.cancelReason },
    mergedInto: shock.mergedInto,
    createdAt: toBeijingTime(shock.createdAt),
    updatedAt: toBeijingTime(shock.updatedAt),
  };
}

export type ShockView = ReturnType<typeof shockView>;
