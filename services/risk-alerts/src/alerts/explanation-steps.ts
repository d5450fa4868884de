/** What was made of the inputs, step by step. */
import type { Cause } from '@fangpin/contracts';
import { perHead } from '@fangpin/domain-kit';
import type { Verdict } from '../loss/household.js';
import type { ExplanationStep } from './explanation-step.js';
import type { ExplanationInputs } from './explanation-inputs.js';
import { reportedSteps } from './reported-steps.js';
import { assumedLeft, impactOf, projectionStep, thousandths, verdictSteps } from './verdict-steps.js';

/** How the loss was come by; other causes by area or heads. */
const LOSS_TEXTS: Readonly<Partial<Record<Cause, string>>> = {
  'job-loss': '按受影响的务工人数、每人一年的工资、找到新工作前的周数和被裁的可能估算十二个月内的损失',
  'unsold-stock': '按面积或头数的年产值、卖不出去的比例和价值损失的比例估算十二个月内的损失',
  'animal-disease': '按饲养头数、死亡和扑杀的比例、每头的价值估算十二个月内的损失，扑杀补助已扣除',
  dwelling: '按烈度、灾情报告或灾害等级和住房评级，估算修房费用和不能安全居住的可能',
  water: '按人数、停水天数和每人每天买水拉水的费用估算支出',
};
const LOSS_TEXT = '按受影响的面积或头数、单位产值和损失比例估算十二个月内的损失';

/** A bill is set beside the income, a loss of income is taken off it (rulebook §0.3). */
function isBill(cause: Cause): boolean {
  return cause === 'dwelling' || cause === 'water';
}

/** `lifted`: by how many levels the household's weaknesses have lifted the severity. */
export function stepsOf(
  inputs: ExplanationInputs,
  verdict: Verdict,
  lineFen: number | null,
  lifted: number,
): ExplanationStep[] {
  const { loss, projectedFen } = verdict;
  const { persons, shock } = inputs;
  const lossPerHead = perHead(loss.middle, persons);
  const bill = isBill(shock.cause);
  const spentPerHead = perHead(inputs.spendingFen ?? 0, persons);
  const spending = spentPerHead + (bill ? lossPerHead : 0);
  return [
    ...reportedSteps(inputs),
    {
      step: 'loss',
      text: LOSS_TEXTS[shock.cause] ?? LOSS_TEXT,
      values: {
        lowFen: loss.low,
        middleFen: loss.middle,
        highFen: loss.high,
        ...(inputs.house ? { unsafe: inputs.house.unsafe } : {}),
        ...(inputs.water ? { days: inputs.water.days } : {}),
      },
    },
    ...(bill ? [] : [projectionStep(verdict, inputs)]),
    ...(bill || spentPerHead > 0
      ? [
          {
            step: 'spending' as const,
            text: '支出不从收入里扣，单独与预计人均纯收入比较，看花掉几成、还剩多少',
            values: {
              projectedFen,
              onRecordPerHeadFen: spentPerHead,
              billPerHeadFen: bill ? lossPerHead : 0,
              share: projectedFen !== null && projectedFen > 0 ? thousandths(spending / projectedFen) : null,
              remainderFen: projectedFen === null ? null : projectedFen - spending,
              ...assumedLeft(verdict, lossPerHead + spentPerHead),
            },
          },
        ]
      : []),
    ...verdictSteps(verdict, lineFen, { lifted, ...impactOf(verdict, lossPerHead, lineFen) }),
  ];
}
