/**
 * What a blow does to a house: the bill for mending it and the probability that nobody may live in it, by the intensity of an
 * earthquake, by a report that counts houses, or by hazard and level; each by the grade of the house. Whose house is hit is not
 * known, so low and middle are expectations over the houses of an area.
 */
import type { Estimate, HouseDamage, DwellingReport } from '@fangpin/policy';

export interface HouseLoss {
  /** Bill for mending, fen. */
  readonly bill: Estimate;
  /** Probability that the house is unsafe until it is mended. */
  readonly unsafe: number;
}

/** Houses of one area of a damage report, and the houses that stood there, each weighed by the factor of its grade. */
export interface ReportedHouses {
  readonly collapsed: number;
  readonly damaged: number;
  readonly weighedHouses: number;
}

/** By what an ordinary house suffers: `factor` says how much more easily one of this grade does. */
export function lossByDamage(damage: HouseDamage, factor: number, rebuildFen: Estimate): HouseLoss {
  const bill = (step: keyof Estimate): number => Math.min(1, damage.repair[step] * factor) * rebuildFen[step];
  return {
    bill: { low: bill('low'), middle: bill('middle'), high: bill('high') },
    unsafe: Math.min(1, damage.unsafe * factor),
  };
}

/** By a report: collapsed and damaged houses are spread over the area's houses by the factors of their grades. High is a house hit. */
export function lossByHouseReport(
  { collapsed, damaged, weighedHouses }: ReportedHouses,
  factor: number,
  report: DwellingReport,
  rebuildFen: Estimate,
): HouseLoss {
  if (factor === 0 || weighedHouses === 0 || collapsed + damaged === 0)
    return { bill: { low: 0, middle: 0, high: 0 }, unsafe: 0 };
  const fallen = Math.min(1, (collapsed * factor) / weighedHouses);
  const hurt = Math.min(1 - fallen, (damaged * factor) / weighedHouses);
  const expected = (step: keyof Estimate): number =>
    (fallen * report.collapsed.repair[step] + hurt * report.damaged.repair[step]) * rebuildFen[step];
  const worst = collapsed > 0 ? report.collapsed : report.damaged;
  return {
    bill: { low: expected('low'), middle: expected('middle'), high: worst.repair.high * rebuildFen.high },
    unsafe: Math.min(1, fallen * report.collapsed.unsafe + hurt * report.damaged.unsafe),
  };
}
