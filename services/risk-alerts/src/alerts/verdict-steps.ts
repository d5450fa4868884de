/** How every explanation ends: the line, what needs no income, and how bad that is together. */
import { alertReasons, levelNames, reasonsFromBits, type AlertReason, type Level } from '@fangpin/contracts';
import type { Verdict } from '../loss/household.js';
import type { ExplanationStep } from './explanation-step.js';

const NEEDS: readonly AlertReason[] = ['dwellingDamaged', 'waterGone', 'earnerLost', 'outOfSchool', 'personHurt'];

/** What needs no income, among the reasons of a verdict. */
export function needsIn(bits: number): AlertReason[] {
  return reasonsFromBits(bits).filter((reason) => NEEDS.includes(reason));
}

/** `lineFen`: null where none was set for the place. `beside`: what else the last step tells. */
export function verdictSteps(
  {
    projectedFen,
    severity,
    reasons: bits,
    assumedFen,
  }: Pick<Verdict, 'projectedFen' | 'severity' | 'reasons' | 'assumedFen'>,
  lineFen: number | null,
  beside: ExplanationStep['values'] = {},
): ExplanationStep[] {
  const needs = needsIn(bits);
  const steps: ExplanationStep[] = [
    {
      step: 'line',
      text: comparison(lineFen, assumedFen),
      values: {
        lineFen,
        ratio: projectedFen === null || lineFen === null ? null : thousandths(projectedFen / lineFen),
        ...(assumedFen === undefined ? {} : { assumedFen }),
      },
    },
  ];
  if (needs.length > 0) steps.push({ step: 'need', text: '不看收入也要处理的困难', values: { needs: textsOf(needs) } });
  steps.push({
    step: 'severity',
    text: textsOf(reasonsFromBits(bits)),
    values: { ...beside, severity, level: levelNames[severity as Level] ?? null },
  });
  return steps;
}

function comparison(lineFen: number | null, assumedFen: number | undefined): string {
  if (lineFen === null) return '当地当日还没有定监测线，收入没有比较，只看不看收入也要处理的困难';
  return assumedFen === undefined
    ? '与当地当日的监测线比较'
    : '收入没有掌握，先按监测线的倍数假定一个人均纯收入，损失和支出与它比较';
}

export function thousandths(ratio: number): number {
  return Math.round(ratio * 1000) / 1000;
}

function textsOf(reasons: readonly AlertReason[]): string {
  return reasons.map((reason) => alertReasons[reason].text).join('；');
}
