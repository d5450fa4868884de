/**
 * How badly a loss endangers a household: the worst of projected income against the line, the share of income lost, hard
 * spending after refunds, what needs no income, and what is not known; lifted where the household is weak (architecture
 * §4.5, rulebook §1.1). Values are dated policy. Where income is not known, loss and bills are compared with an assumed one. Nothing
 * that takes an income counts for more than what has befallen the household weighs itself.
 */
import { alertReasons } from '@fangpin/contracts';
import { underPolicy, type ImpactCeiling, type SeverityBands, type SpendingBands, type Triage } from '@fangpin/policy';
import { factsJudged, LIFT_REASONS, type AssessedHousehold, type LossRange, type Verdict } from './household.js';
import { RED } from './level-ladder.js';
import { ceilingsOf, judgeMoney, type Befallen } from './money.rule.js';

export interface SeverityPolicy {
  readonly bands: SeverityBands;
  readonly triage: Triage;
  /** Monitoring line of the place and day, fen per head. Throws NoPolicy where none was set. */
  lineFen(): number;
  /** Nothing where the policy version is older than the bands: spending is not judged then. */
  spending(): SpendingBands | undefined;
  /** Nothing where the policy version is older than the ceiling: how a household stood before counts in full then. */
  ceiling(): ImpactCeiling | undefined;
  /** What is taken for the income per head of a household whose own is not known, fen; nothing where the policy version has no such value. */
  assumedIncomeFen(): number | undefined;
  /** Days since 1970: a risk removed on that day or later was removed recently. Minus infinity where the policy version sets no end. */
  readonly recentSince: () => number;
}

/** What endangers a household whatever it earns, with the level that it reaches by itself, 1–4. */
export interface Need {
  readonly reason: 'dwellingDamaged' | 'waterGone' | 'earnerLost' | 'outOfSchool' | 'personHurt';
  readonly level: number;
}

/**
 * Whether a loss is of income, which is what is left to live on, or a bill to be paid, which is never netted out of income
 * (rulebook §0.3, §2).
 */
export type LossIs = 'income' | 'spending';

/**
 * Judges what has befallen a household: a loss, and `billFen`, what the same thing has cost beside it. Together they are material or
 * not; what is on record of other spending (`spendingFen`) makes nothing material. Throws NoPolicy where no line was set for the place and
 * no need alerts whatever the income.
 */
export function judge(
  household: AssessedHousehold,
  loss: LossRange,
  policy: SeverityPolicy,
  lossIs: LossIs = 'income',
  need?: Need,
  billFen = 0,
): Verdict {
  const { bands, triage } = policy;
  const lossPerHead = loss.middle / household.persons;
  const known = household.perCapitaFen;
  const projectedFen = known === null ? null : Math.round(lossIs === 'income' ? known - lossPerHead : known);
  const facts = factsJudged(household, policy.recentSince);
  let reasons = facts;
  const byNeed = need === undefined ? 0 : need.level;
  const billPerHead = billFen / household.persons;
  // What needs no income does not wait for a line; without one all else would be compared with nothing.
  const lineFen = byNeed === 0 ? policy.lineFen() : underPolicy(policy.lineFen);
  if (byNeed === 0 && lossPerHead + billPerHead < bands.materialLossShareOfLine * (lineFen ?? 0))
    return { loss, projectedFen, severity: 0, reasons, withheld: 'immaterial' };

  let severity = byNeed;
  if (need !== undefined) reasons |= alertReasons[need.reason].bit;
  if (lineFen === undefined) {
    if (known === null) {
      // What was lost weighs nothing against no line: an unknown income adds to a need only where it would with any line.
      if (isGrave(byNeed, policy.ceiling())) severity = Math.max(severity, bands.incomeUnknown);
      reasons |= alertReasons.incomeUnknown.bit;
    }
    severity = Math.min(RED, severity + liftOf(facts, bands));
    // Too little to be alerted by itself, and with a line it may be more: says what is missing.
    if (severity < triage.alertFrom) policy.lineFen();
    return { loss, projectedFen, severity, reasons, lineUnknown: true };
  }
  const assumedFen = known === null ? policy.assumedIncomeFen() : undefined;
  const income = known ?? assumedFen;
  const befallen: Befallen = {
    lost: lossIs === 'income' ? lossPerHead : 0,
    lostAtWorst: lossIs === 'income' ? loss.high / household.persons : 0,
    billed: billPerHead + (lossIs === 'spending' ? lossPerHead : 0),
    onRecord: (household.spendingFen ?? 0) / household.persons,
  };
  const ceiling = policy.ceiling();
  const ceilings = ceilingsOf(befallen, lineFen, isGrave(byNeed, ceiling) ? undefined : ceiling);
  let uncapped = 0;
  let atWorst = false;
  if (known === null) {
    severity = Math.max(severity, Math.min(bands.incomeUnknown, ceilings.all));
    uncapped = bands.incomeUnknown;
    reasons |= alertReasons.incomeUnknown.bit;
  }
  if (income !== undefined) {
    const left = projectedFen ?? Math.round(income - befallen.lost);
    const money = judgeMoney(befallen, { income, left, lineFen }, bands, () => policy.spending(), ceilings);
    severity = Math.max(severity, money.level);
    uncapped = Math.max(uncapped, money.uncapped);
    // What was only assumed proves nothing about the household's income; a bill is hard whoever pays it.
    reasons |= known === null ? money.found & alertReasons.hardSpending.bit : money.found;
    atWorst = known !== null && money.atWorst;
  }
  if (severity === 0) {
    // A trifle to somebody who is not well off at all is not told that the income is well above the line.
    const withheld = uncapped > 0 ? 'below-alert-level' : 'income-well-above-line';
    return { loss, projectedFen, severity, reasons, withheld };
  }
  const heldDown = uncapped > severity;
  severity = Math.min(RED, severity + liftOf(facts, bands));
  if (severity < triage.alertFrom) return { loss, projectedFen, severity, reasons, withheld: 'below-alert-level' };
  return {
    loss,
    projectedFen,
    severity,
    reasons,
    ...(assumedFen === undefined ? {} : { assumedFen }),
    ...(atWorst ? { atWorst } : {}),
    ...(heldDown ? { heldDown } : {}),
  };
}

/** Whether all else counts in full beside a need: also where the policy version has no ceiling. */
function isGrave(byNeed: number, ceiling: ImpactCeiling | undefined): boolean {
  return ceiling === undefined || byNeed >= ceiling.graveNeedFrom;
}

/** Levels added for the household's weaknesses, together at most the policy's `maxLift`. */
export function liftOf(facts: number, bands: SeverityBands): number {
  let lift = 0;
  for (const reason of LIFT_REASONS) if ((facts & alertReasons[reason].bit) !== 0) lift += bands.lift[reason];
  return Math.min(lift, bands.maxLift);
}
