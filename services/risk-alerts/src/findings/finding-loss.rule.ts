/**
 * What a department's finding is to a household: a clue below the place's threshold is held back; what was spent is set beside
 * income; wages of a main earner are lost, and what the accident cost stands beside them; an unsafe only dwelling, water that is
 * gone, an earner lost, a child out of school and whoever was hurt need no income (rulebook §3.4–§3.6). What has been spent is known to the fen, so
 * its range is a point; what an earner's absence takes is a range.
 */
import type { RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import type { AssessedHousehold, LossRange, Verdict } from '../loss/household.js';
import { levelFrom } from '../loss/level-ladder.js';
import { judge, type LossIs, type Need } from '../loss/severity.rule.js';
import { severityPolicyOf } from '../loss/severity-policy.js';
import { HOUSE_GRADES } from '../loss/things.js';
import { lossByLayOff } from '../loss/wage-loss.rule.js';
import { daysWithoutWater, lossByWaterCut } from '../loss/water-loss.rule.js';
import { paidFen, type FindingFacts } from './finding-facts.js';

export interface FoundHousehold extends AssessedHousehold {
  /** Monitored, low-income or lifted out: a lower threshold holds for its members (rulebook §3.5). */
  readonly watched: boolean;
  readonly onlyDwelling: boolean;
}

/** The revision of the finding that its alert was last raised with. */
export interface AlertedBefore {
  readonly facts: FindingFacts;
  readonly severity: number;
  /** What the alert has told as paid so far, fen: whoever was to look may have seen any of them. */
  readonly saidFen: readonly number[];
}

export type FindingOutcome =
  | { readonly outcome: 'withdrawn' }
  /** Below the threshold of the place, or nothing that a rule speaks of. */
  | { readonly outcome: 'below-threshold'; readonly thresholdFen: number | null }
  /** What lasts comes back monthly: it tells nothing else than the alert does, or of a sum that has not grown enough, and is no level worse. */
  | { readonly outcome: 'no-worse'; readonly verdict: Verdict }
  | { readonly outcome: 'judged'; readonly verdict: Verdict };

/** Judges a finding as of its day. Throws NoPolicy where no line or band holds for the place. */
export function judgeFinding(
  finding: FindingFacts,
  household: FoundHousehold,
  policy: PolicySet,
  township: RegionCode,
  before?: AlertedBefore,
): FindingOutcome {
  if (finding.withdrawn) return { outcome: 'withdrawn' };
  const spending = spendingThreshold(finding, household, policy, township);
  if (spending !== undefined && paidFen(finding) < spending.fromFen)
    return { outcome: 'below-threshold', thresholdFen: spending.fromFen };
  const { loss, lossIs } = lossOf(finding, household, policy, township);
  const need = needOf(finding, household, policy, township);
  const { onRecordFen, billFen } = spendingBeside(finding, household);
  const beside = lossIs === 'income' ? billFen : 0;
  if (loss.high <= 0 && beside <= 0 && need === undefined) return { outcome: 'below-threshold', thresholdFen: null };
  const severity = severityPolicyOf({ judgedOn: finding.occurredOn }, policy, township);
  const verdict = judge({ ...household, spendingFen: onRecordFen }, loss, severity, lossIs, need, beside);
  const worse = before === undefined || verdict.severity > before.severity;
  const isToBeTold = worse || tellsElse(before, finding, spending?.againAfterGrowthShare);
  return { outcome: isToBeTold ? 'judged' : 'no-worse', verdict };
}

const TOLD = ['spentSince', 'ofEarner', 'days', 'houseGrade', 'subject', 'person'] as const;

/**
 * Whether a finding tells something else than it did when its alert was raised. A sum that accumulates does so once it has grown by the share
 * of policy from any that was told, as triage counts from the one that was visited, or is less: then the department has corrected it. That what lasts is told of a later day is nothing else.
 */
function tellsElse(
  { facts: before, saidFen }: AlertedBefore,
  now: FindingFacts,
  growthShare: number | undefined,
): boolean {
  if (TOLD.some((member) => now[member] !== before[member])) return true;
  if (growthShare === undefined)
    return (
      now.spentFen !== before.spentFen ||
      now.refundedFen !== before.refundedFen ||
      (now.kind.about === 'event' && now.occurredOn !== before.occurredOn)
    );
  const [paid, was] = [paidFen(now), paidFen(before)];
  if (paid <= was) return paid < was;
  if (paid >= grownFrom(was, growthShare)) return true;
  return saidFen.some((said) => was < grownFrom(said, growthShare) && paid >= grownFrom(said, growthShare));
}

/** The sum from which one has grown by a share, to the fen: 1.1 times a sum is a little more than a tenth above it. */
export function grownFrom(fen: number, share: number): number {
  return fen + Math.round(fen * share);
}

/**
 * What the household spends beside its income under a finding, fen: the bill of the finding itself, and what is on record besides. The
 * record may hold bills that are cumulative already: what is over counts, and never the same yuan twice.
 */
export function spendingBeside(
  finding: FindingFacts,
  { spendingFen }: Pick<FoundHousehold, 'spendingFen'>,
): { onRecordFen: number; billFen: number } {
  const onRecord = spendingFen ?? 0;
  const paid = paidFen(finding);
  return { onRecordFen: isCumulative(finding) ? Math.max(0, onRecord - paid) : onRecord, billFen: paid };
}

const TAKES_AN_EARNER: readonly string[] = ['death-of-earner', 'disability', 'accident', 'crime'];

/** Whether what a finding takes is income: the wages of a main earner. Else it is a bill, or nothing that counts in money. */
export function isOfIncome({ kind, ofEarner }: FindingFacts): boolean {
  return kind.key === 'death-of-earner' || (ofEarner && TAKES_AN_EARNER.includes(kind.key));
}

/** What a person has spent since the first day of a period, pushed again as it grows. */
function isCumulative({ kind }: FindingFacts): boolean {
  return kind.key === 'medical-spending' || kind.key === 'tuition';
}

/** The sum from which on a spending finding counts, fen after refunds; undefined for kinds without one. */
function spendingThreshold(
  finding: FindingFacts,
  { watched }: FoundHousehold,
  policy: PolicySet,
  township: RegionCode,
): { fromFen: number; againAfterGrowthShare: number } | undefined {
  if (!isCumulative(finding)) return undefined;
  const value = policy.get('finding-spending', township, finding.occurredOn, finding.kind.key).value;
  return {
    fromFen: watched ? value.watchedFromFen : value.ordinaryFromFen,
    againAfterGrowthShare: value.againAfterGrowthShare,
  };
}

const NONE: LossRange = { low: 0, middle: 0, high: 0 };

function lossOf(
  finding: FindingFacts,
  household: FoundHousehold,
  policy: PolicySet,
  township: RegionCode,
): { loss: LossRange; lossIs: LossIs } {
  const day = finding.occurredOn;
  switch (finding.kind.key) {
    case 'medical-spending':
    case 'tuition':
      return { loss: spent(finding), lossIs: 'spending' };
    case 'water': {
      // Bad or scarce water has no price: nobody says how long it was gone.
      if (unsafeWaterLevel(finding, policy, township) !== undefined) return { loss: NONE, lossIs: 'spending' };
      const costs = policy.get('water-cut', township, day).value;
      return {
        loss: whole(lossByWaterCut(costs, daysWithoutWater(costs, finding.days)), household.persons),
        lossIs: 'spending',
      };
    }
    case 'death-of-earner':
    case 'disability':
    case 'accident':
    case 'crime': {
      if (!isOfIncome(finding)) return { loss: spent(finding), lossIs: 'spending' };
      const wages = policy.get('earner-loss', township, day, finding.kind.key).value;
      const taken = whole(lossByLayOff(wages, household.wageFenPerWorker ?? null), 1);
      return { loss: atMost(taken, mostOfEarner(finding, household, policy, township)), lossIs: 'income' };
    }
    default:
      return { loss: NONE, lossIs: 'spending' };
  }
}

/**
 * The most that the absence of a main earner takes, fen, where the wages are not on record: those of policy are of the whole country. Of all that the household
 * is known to earn, or of the line where it earns less: a low record makes no loss light. Nothing where the income is not known, no line was set, or the policy version is
 * older than that rule.
 */
function mostOfEarner(
  { occurredOn }: FindingFacts,
  { wageFenPerWorker, perCapitaFen, persons }: FoundHousehold,
  policy: PolicySet,
  township: RegionCode,
): number | undefined {
  if ((wageFenPerWorker ?? null) !== null || perCapitaFen === null) return undefined;
  return underPolicy(() => {
    const { mostOfIncome } = policy.get('earner-share', township, occurredOn).value;
    return Math.round(mostOfIncome * Math.max(perCapitaFen, policy.line(township, occurredOn).fen) * persons);
  });
}

function atMost({ low, middle, high }: LossRange, most = Infinity): LossRange {
  return { low: Math.min(low, most), middle: Math.min(middle, most), high: Math.min(high, most) };
}

/** What was paid is known to the fen. An accident or a crime may state it too. */
function spent(finding: FindingFacts): LossRange {
  const paid = paidFen(finding);
  return { low: paid, middle: paid, high: paid };
}

function whole(unit: LossRange, times: number): LossRange {
  return {
    low: Math.round(unit.low * times),
    middle: Math.round(unit.middle * times),
    high: Math.round(unit.high * times),
  };
}

/** What of a finding needs no income, and how grave that is by itself. Throws NoPolicy where no band holds for the place. */
export function needOf(
  finding: FindingFacts,
  { onlyDwelling }: Pick<FoundHousehold, 'onlyDwelling'>,
  policy: PolicySet,
  township: RegionCode,
): Need | undefined {
  const bands = policy.get('no-income-bands', township, finding.occurredOn).value;
  switch (finding.kind.key) {
    case 'death-of-earner':
      return { reason: 'earnerLost', level: bands.earnerLost };
    case 'disability':
      return finding.ofEarner ? { reason: 'earnerLost', level: bands.earnerLost } : hurtNeed(finding, policy, township);
    case 'accident':
    case 'crime':
      return hurtNeed(finding, policy, township);
    case 'drop-out': {
      const { suspectedFromDays, droppedOutFromDays } = policy.get('drop-out', township, finding.occurredOn).value;
      // A school that names no days says that the child has dropped out.
      if (finding.days === 0 || finding.days >= droppedOutFromDays)
        return { reason: 'outOfSchool', level: bands.outOfSchool };
      return finding.days >= suspectedFromDays
        ? { reason: 'outOfSchool', level: bands.suspectedOutOfSchool }
        : undefined;
    }
    case 'unsafe-house': {
      const grade = HOUSE_GRADES[finding.houseGrade];
      // Only the only dwelling counts (rulebook §3.6).
      if (!onlyDwelling || (grade !== 'C' && grade !== 'D')) return undefined;
      return { reason: 'dwellingDamaged', level: bands.unsafeGrade[grade] };
    }
    case 'water': {
      const unsafe = unsafeWaterLevel(finding, policy, township);
      if (unsafe !== undefined) return unsafe === 0 ? undefined : { reason: 'waterGone', level: unsafe };
      const days = daysWithoutWater(policy.get('water-cut', township, finding.occurredOn).value, finding.days);
      const level = levelFrom(days, bands.waterGoneFromDays);
      return level === 0 ? undefined : { reason: 'waterGone', level };
    }
    default:
      return undefined;
  }
}

/**
 * The level of 饮水不安全 where no days are stated: quality, quantity, distance or reliability is below the minimum (rulebook §3.6), which is no cut of
 * the length that a shock's is taken for. Undefined where days are stated, or the policy version is older than that rule.
 */
function unsafeWaterLevel(finding: FindingFacts, policy: PolicySet, township: RegionCode): number | undefined {
  if (finding.days > 0) return undefined;
  return underPolicy(() => policy.get('finding-need', township, finding.occurredOn, 'water').value.level);
}

/** Whoever was hurt is looked at, with or without a sum. Nothing where the policy version is older than that rule. */
function hurtNeed(finding: FindingFacts, policy: PolicySet, township: RegionCode): Need | undefined {
  const { kind, occurredOn } = finding;
  const level = underPolicy(() => policy.get('finding-need', township, occurredOn, kind.key).value.level) ?? 0;
  return level === 0 ? undefined : { reason: 'personHurt', level };
}
