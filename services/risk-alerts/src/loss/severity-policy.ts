import type { RegionCode } from '@fangpin/domain-kit';
import { NoPolicy, underPolicy, type PolicySet, type ImpactCeiling, type SpendingBands } from '@fangpin/policy';
import { firstRecentDay } from './recent-removal.rule.js';
import type { SeverityPolicy } from './severity.rule.js';
import type { ShockFacts } from './shock-facts.js';

/**
 * The severity policy of a township on the shock's day, read once for all of its households. Where no line was set for the place it can
 * still judge what takes no income; asked for the line it throws NoPolicy.
 */
export function severityPolicyOf(
  shock: Pick<ShockFacts, 'judgedOn'>,
  policy: PolicySet,
  township: RegionCode,
): SeverityPolicy {
  let spending: SpendingBands | null | undefined;
  let ceiling: ImpactCeiling | null | undefined;
  let recentSince: number | undefined;
  let assumedFen: number | null | undefined;
  const line = lineOrNone(policy, township, shock.judgedOn);
  const lineFen = (): number => {
    if (line instanceof NoPolicy) throw line;
    return line;
  };
  return {
    bands: policy.get('severity-bands', township, shock.judgedOn).value,
    triage: policy.get('triage', township, shock.judgedOn).value,
    lineFen,
    // Only asked where something was spent, so that an explanation names just the records that were used.
    spending() {
      if (spending === undefined)
        spending = underPolicy(() => policy.get('spending-bands', township, shock.judgedOn).value) ?? null;
      return spending ?? undefined;
    },
    ceiling() {
      if (ceiling === undefined)
        ceiling = underPolicy(() => policy.get('impact-ceiling', township, shock.judgedOn).value) ?? null;
      return ceiling ?? undefined;
    },
    // Likewise: only where income is not known.
    assumedIncomeFen() {
      if (assumedFen === undefined) {
        const assumed = underPolicy(() => policy.get('income-unknown', township, shock.judgedOn).value);
        assumedFen = assumed === undefined ? null : Math.round(assumed.asRatioOfLine * lineFen());
      }
      return assumedFen ?? undefined;
    },
    // Likewise: only where the day of a removal is known.
    recentSince() {
      if (recentSince === undefined) {
        const recent = underPolicy(() => policy.get('recent-removal', township, shock.judgedOn).value);
        recentSince = recent === undefined ? -Infinity : firstRecentDay(shock.judgedOn, recent.months);
      }
      return recentSince;
    },
  };
}

function lineOrNone(policy: PolicySet, township: RegionCode, day: string): number | NoPolicy {
  try {
    return policy.line(township, day).fen;
  } catch (error) {
    if (error instanceof NoPolicy) return error;
    throw error;
  }
}
