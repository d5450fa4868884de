/** What a report counts of unsold stock or of people let go, set beside all that is there. */
import type { ExplanationInputs } from './explanation-inputs.js';
import type { ExplanationStep } from './explanation-step.js';
import { thousandths } from './verdict-steps.js';

/** None where nothing was counted. `share` is rounded to a thousandth; null where nothing tells of how much it is a part. */
export function reportedSteps({ unsoldStock = [], layOff }: ExplanationInputs): ExplanationStep[] {
  const stocks = unsoldStock
    .filter(({ quantityKg }) => quantityKg > 0)
    .map(({ product, quantityKg, yearKg, share }): ExplanationStep => ({
      step: 'reported',
      text:
        share === null
          ? `当地${product}一年的产量没有依据，不知道上报的数量占多大比例，每户按政策规定的一般比例计算`
          : `上报卖不出去的${product}是谁家的不清楚，按占当地一年产量的比例平均摊到每户；最多按一户大部分卖不出去算`,
      values: { product, quantityKg, yearKg, share: share === null ? null : thousandths(share) },
    }));
  return [...stocks, ...letGoSteps(layOff)];
}

function letGoSteps(layOff: ExplanationInputs['layOff']): ExplanationStep[] {
  if (layOff === undefined || layOff.persons === null) return [];
  const { persons, workers, share } = layOff;
  const text =
    share === null
      ? '在那里务工的共有多少人不清楚，每人都按被裁计算'
      : '上报被裁的是谁不清楚，按占在那里务工的登记人数的比例平均摊到每人；最多按确实被裁算';
  return [{ step: 'reported', text, values: { persons, workers, share: share === null ? null : thousandths(share) } }];
}
