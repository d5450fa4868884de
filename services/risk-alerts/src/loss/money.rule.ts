/**
 * What the money questions say of a household: what is left to live on against the line, the share of income lost, hard spending
 * after refunds. None counts for more than what has befallen the household weighs itself (policy `impact-ceiling`): that it was
 * poor, or in debt, before is not what happened (rulebook §0.1, §1.1).
 */
import { alertReasons } from '@fangpin/contracts';
import type { ImpactCeiling, SeverityBands, SpendingBands } from '@fangpin/policy';
import { levelFrom, levelWhere, RED } from './level-ladder.js';

/** Fen per head. */
export interface Befallen {
  /** Income lost by the middle estimate, and by the high one. */
  readonly lost: number;
  readonly lostAtWorst: number;
  /** Bills of the same thing, paid or to be paid. */
  readonly billed: number;
  /** Other hard spending on record. */
  readonly onRecord: number;
}

export interface MoneyVerdict {
  readonly level: number;
  /** What it would be if how the household stood before counted in full. */
  readonly uncapped: number;
  /** Bits of `alertReasons`. */
  readonly found: number;
  /** The high estimate of the loss endangers an income that the middle one leaves above the line, or more than that does. */
  readonly atWorst: boolean;
}

/** The most that the money questions may say; all of it without a ceiling. */
export interface Ceilings {
  readonly all: number;
  readonly atWorst: number;
  readonly income: number;
}

const NO_CEILING: Ceilings = { all: RED, atWorst: RED, income: RED };

/** `ceiling`: nothing where the policy version is older than it, or a grave need stands beside: all counts in full then. */
export function ceilingsOf(
  { lost, lostAtWorst, billed }: Befallen,
  lineFen: number,
  ceiling?: ImpactCeiling,
): Ceilings {
  if (ceiling === undefined) return NO_CEILING;
  const { lossFrom, billFrom } = ceiling;
  return {
    all: levelFrom((lost + billed) / lineFen, lossFrom),
    atWorst: levelFrom((lostAtWorst + billed) / lineFen, lossFrom),
    income: Math.max(levelFrom(lost / lineFen, lossFrom), levelFrom(billed / lineFen, billFrom)),
  };
}

/** `income` and `left`: fen per head before, and after what was lost of it. */
export function judgeMoney(
  befallen: Befallen,
  { income, left, lineFen }: { readonly income: number; readonly left: number; readonly lineFen: number },
  bands: SeverityBands,
  spending: () => SpendingBands | undefined,
  ceilings: Ceilings,
): MoneyVerdict {
  const ratio = left / lineFen;
  const byIncome = levelWhere((level) => ratio < bands.incomeRatioBelow[level]);
  let byLoss = 0;
  let byLowest = 0;
  if (befallen.lostAtWorst > 0) {
    const lossShare = income > 0 ? befallen.lost / income : 1;
    byLoss = ratio < bands.lossShareCountsBelowRatio ? levelFrom(lossShare, bands.lossShareFrom) : 0;
    byLowest = income - befallen.lostAtWorst < lineFen && left >= lineFen ? bands.lowProjectionUnderLine : 0;
  }
  const spent = befallen.onRecord + befallen.billed;
  const spendingBands = spent > 0 ? spending() : undefined;
  const bySpending = spendingBands === undefined ? 0 : levelOfSpending(spent, left, lineFen, spendingBands);

  const near = Math.min(byIncome, ceilings.income);
  const lowest = Math.min(byLowest, ceilings.atWorst);
  const heavy = Math.min(byLoss, ceilings.all);
  const hard = Math.min(bySpending, ceilings.all);
  let found = 0;
  if (left < lineFen && near > 0) found |= alertReasons.incomeBelowLine.bit;
  if (left >= lineFen && (near > 0 || lowest > 0)) found |= alertReasons.incomeNearLine.bit;
  if (heavy > 0) found |= alertReasons.heavyLoss.bit;
  if (hard > 0) found |= alertReasons.hardSpending.bit;
  return {
    level: Math.max(near, lowest, heavy, hard),
    uncapped: Math.max(byIncome, byLoss, byLowest, bySpending),
    found,
    atWorst: lowest > near,
  };
}

/** By what must be spent after refunds, fen per head, beside an income per head. A household without income spends what it lacks. */
export function levelOfSpending(spendingFen: number, incomeFen: number, lineFen: number, bands: SpendingBands): number {
  if (spendingFen <= 0) return 0;
  const share = incomeFen > 0 ? spendingFen / incomeFen : Infinity;
  const remainder = (incomeFen - spendingFen) / lineFen;
  const byShare = remainder < bands.shareCountsBelowRatio ? levelFrom(share, bands.shareFrom) : 0;
  if (share < bands.remainderCountsFromShare) return byShare;
  return Math.max(
    byShare,
    levelWhere((level) => remainder < bands.remainderRatioBelow[level]),
  );
}
