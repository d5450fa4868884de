/** The model of drinking water, compiled for one cut and one township. Who is on a scheme is asked of the exposure. */
import { dutyRange, levelOf, type DutyRange, type RegionCode } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import type { LossPerUnit } from './crop-loss.rule.js';
import type { AssessedHousehold, ExposedLivelihood, LossRange } from './household.js';
import { levelFrom } from './level-ladder.js';
import { NOTHING, type LossModel } from './model.js';
import { judge, type Need } from './severity.rule.js';
import { severityPolicyOf } from './severity-policy.js';
import type { ShockFacts } from './shock-facts.js';
import { WATER } from './things.js';
import { daysWithoutWater, lossByWaterCut } from './water-loss.rule.js';

const COUNTY_DIGITS = 6;

/**
 * Where the households live that a cut can touch. A scheme's pipes do not end at the village that reports; its code is looked
 * for in the whole county, and not beyond, where the same code may name another.
 */
export function waterRanges(shock: ShockFacts): readonly DutyRange[] {
  if ((shock.waterCut?.schemes.length ?? 0) === 0) return shock.ranges;
  return shock.regions.map((region) => dutyRange(levelOf(region) === 'country' ? region : countyOf(region)));
}

function countyOf(region: RegionCode): RegionCode {
  return region.slice(0, COUNTY_DIGITS) as RegionCode;
}

export interface WaterModel extends LossModel {
  readonly days: number;
}

export function compileWaterModel(shock: ShockFacts, policy: PolicySet, township: RegionCode): WaterModel {
  const severity = severityPolicyOf(shock, policy, township);
  const costs = policy.get('water-cut', township, shock.judgedOn).value;
  const days = daysWithoutWater(costs, shock.waterCut?.days ?? 0);
  const unit = lossByWaterCut(costs, days);
  const level = levelFrom(days, policy.get('no-income-bands', township, shock.judgedOn).value.waterGoneFromDays);
  const need: Need | undefined = level === 0 ? undefined : { reason: 'waterGone', level };

  const unitLoss = ({ product }: ExposedLivelihood): LossPerUnit => (product === WATER ? unit : NOTHING);
  const loss = ({ livelihoods }: AssessedHousehold): LossRange => {
    const drinkers = livelihoods[0]?.product === WATER ? livelihoods[0].quantity : 0;
    return {
      low: Math.round(unit.low * drinkers),
      middle: Math.round(unit.middle * drinkers),
      high: Math.round(unit.high * drinkers),
    };
  };
  return {
    policy: severity,
    days,
    unitLoss,
    loss,
    assess(household) {
      const range = loss(household);
      return range.high > 0 ? judge(household, range, severity, 'spending', need) : undefined;
    },
  };
}
