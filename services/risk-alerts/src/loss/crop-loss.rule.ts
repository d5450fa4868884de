/**
 * What a blow of nature takes from a crop: a share of the season's value by hazard, level and growth month, or, where a
 * damage report gives areas, by the statistics' own degrees (受灾 ≥ 10 %, 成灾 ≥ 30 %, 绝收 ≥ 80 % of the yield).
 */
import type { CropLoss, DamageShare, Estimate, HazardLoss, LevelNameOrUnknown } from '@fangpin/policy';
import type { LossRange } from './household.js';

/** Loss per hundredth of a mu, fen. */
export interface LossPerUnit {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** Areas of one damage report, hundredths of a mu, with the crop area that stood in its region at that time. */
export interface ReportedDamage {
  readonly hit: number;
  readonly damaged: number;
  readonly lost: number;
  /** All crop area of the region that was in the field (of the report's products), from the exposure. */
  readonly standing: number;
}

const CENTIMU_PER_MU = 100;

/** Share of a crop's season value that is in the field in a month (1–12). */
export function atStake(crop: CropLoss, month: number): number {
  return crop.atStakeByMonth[month - 1] ?? 0;
}

/** By hazard and level alone: value at stake in that month × loss share × the crop's sensitivity. */
export function lossByHazard(
  crop: CropLoss,
  hazard: HazardLoss,
  level: LevelNameOrUnknown,
  kind: string,
  month: number,
): LossPerUnit {
  const share = hazard[level];
  const factor = atStake(crop, month) * (crop.sensitivity[kind] ?? 1);
  return perUnit(crop.grossFenPerMu, (step) => Math.min(1, share[step] * factor));
}

/**
 * By a damage report. A household's own field is not known to be hit: low and middle take the region's average, high takes a
 * field that lies wholly in the hit area. Nothing is lost of a crop that is not in the field.
 */
export function lossByReport(crop: CropLoss, damage: ReportedDamage, shares: DamageShare, month: number): LossPerUnit {
  if (atStake(crop, month) === 0 || damage.hit === 0 || damage.standing === 0) return { low: 0, middle: 0, high: 0 };
  const hitShare = Math.min(1, damage.hit / damage.standing);
  const whenHit = (step: keyof Estimate): number =>
    ((damage.hit - damage.damaged) * shares.hit[step] +
      (damage.damaged - damage.lost) * shares.damaged[step] +
      damage.lost * shares.lost[step]) /
    damage.hit;
  return perUnit(crop.grossFenPerMu, (step) => whenHit(step) * (step === 'high' ? 1 : hitShare));
}

function perUnit(gross: Estimate, share: (step: keyof Estimate) => number): LossPerUnit {
  const value = (step: keyof Estimate): number => (gross[step] * share(step)) / CENTIMU_PER_MU;
  return { low: value('low'), middle: value('middle'), high: value('high') };
}

/** Whole fen for a quantity. */
export function lossOf(unit: LossPerUnit, quantity: number): LossRange {
  return {
    low: Math.round(unit.low * quantity),
    middle: Math.round(unit.middle * quantity),
    high: Math.round(unit.high * quantity),
  };
}
