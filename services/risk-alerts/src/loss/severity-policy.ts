import type { RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type PolicySet, type SpendingBands } from '@fangpin/policy';
import { firstRecentDay } from './recent-removal.rule.js';
import type { SeverityPolicy } from './severity.rule.js';
import type { ShockFacts } from './shock-facts.js';

/** The severity policy of a township on the shock's day, read once for all of its households. */
export function severityPolicyOf(
  shock: Pick<ShockFacts, 'judgedOn'>,
  policy: PolicySet,
  township: RegionCode,
): SeverityPolicy {
  let spending: SpendingBands | null | undefined;
  let recentSince: number | undefined;
  let assumedFen: number | null | undefined;
  const lineFen = policy.line(township, shock.judgedOn).fen;
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
    // Likewise: only where income is not known.
    assumedIncomeFen() {
      if (assumedFen === undefined) {
        const assumed = underPolicy(() => policy.get('income-unknown', township, shock.judgedOn).value);
        assumedFen = assumed === undefined ? null : Math.round(assumed.asRatioOfLine * lineFen);
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
