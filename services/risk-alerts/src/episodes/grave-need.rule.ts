/**
 * Which need of a standing alert is grave: beside it all else of the household counts in full, also what other causes take
 * (docs/adr/0058-what-has-befallen-decides.md). Pure. A row has the need, and one level for all of it: how grave the need was is read
 * back from that.
 */
import { alertReasons } from '@fangpin/contracts';
import { spendingOf } from '../fan-out/alert-rows.js';
import { FACT_BITS } from '../loss/household.js';
import { judge, liftOf, type LossIs, type Need, type SeverityPolicy } from '../loss/severity.rule.js';
import type { StandingAlert } from './joint-risk.rule.js';

const NEEDS: readonly Need['reason'][] = ['dwellingDamaged', 'waterGone', 'earnerLost', 'outOfSchool', 'personHurt'];

export const NEED_BITS = NEEDS.reduce((bits, reason) => bits | alertReasons[reason].bit, 0);

/**
 * Undefined where none was found, or it is mild: below the policy's `graveNeedFrom`, or money alone explains the level and beside a grave
 * need it would have been higher. In doubt it is grave. Undefined also where the policy version has no ceiling: all counts in full then anyway.
 */
export function graveNeedOf(alert: StandingAlert, lossIs: LossIs, policy: SeverityPolicy): Need | undefined {
  const { persons, perCapitaFen, reasons, loss, found, inputs, severity } = alert;
  const reason = NEEDS.find((one) => (reasons & alertReasons[one].bit) !== 0);
  const ceiling = policy.ceiling();
  if (reason === undefined || ceiling === undefined) return undefined;
  const need: Need = { reason, level: severity - liftOf(reasons, policy.bands) };
  if (need.level < ceiling.graveNeedFrom) return undefined;
  const household = {
    persons,
    perCapitaFen,
    facts: reasons & FACT_BITS,
    livelihoods: [],
    spendingFen: spendingOf(inputs),
  };
  const billFen = found?.ofIncome === true ? found.paidFen : 0;
  const levelWith = (beside?: Need): number => judge(household, loss, policy, lossIs, beside, billFen).severity;
  return levelWith() >= severity && levelWith(need) > severity ? undefined : need;
}
