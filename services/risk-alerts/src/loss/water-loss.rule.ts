/**
 * What a cut of the water costs: water bought or carried for each person and day. That it is gone is a risk whatever it costs
 * (rulebook §3.6): the days decide.
 */
import type { Estimate, WaterCutCost } from '@fangpin/policy';
import type { LossPerUnit } from './crop-loss.rule.js';

/** Days counted for a cut; a cut whose length nobody states counts as the policy says. */
export function daysWithoutWater(policy: WaterCutCost, statedDays: number): number {
  return statedDays > 0 ? statedDays : policy.daysWhereNotStated;
}

/** Cost for each person, fen. */
export function lossByWaterCut(policy: WaterCutCost, days: number): LossPerUnit {
  const of = (step: keyof Estimate): number => policy.fenPerPersonDay[step] * days;
  return { low: of('low'), middle: of('middle'), high: of('high') };
}
