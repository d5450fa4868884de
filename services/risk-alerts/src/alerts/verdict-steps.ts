/** How every explanation ends: the line, what needs no income, and how bad that is together. */
import { alertReasons, levelNames, reasonsFromBits, type AlertReason, type Level } from '@fangpin/contracts';
import { perHead } from '@fangpin/domain-kit';
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
    heldDown,
  }: Pick<Verdict, 'projectedFen' | 'severity' | 'reasons' | 'assumedFen' | 'heldDown'>,
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
    text: [textsOf(reasonsFromBits(bits)), ...(heldDown ? [HELD_DOWN] : [])].filter((text) => text !== '').join('；'),
    values: { ...beside, severity, level: levelNames[severity as Level] ?? null },
  });
  return steps;
}

/** What is left of the income per head: by the middle estimate, and at worst and best. */
export function projectionStep(
  verdict: Pick<Verdict, 'loss' | 'projectedFen' | 'assumedFen'>,
  { persons, perCapitaFen }: { readonly persons: number; readonly perCapitaFen: number | null },
): ExplanationStep {
  const { loss, projectedFen } = verdict;
  const lossPerHeadFen = perHead(loss.middle, persons);
  const left = (fen: number): number | null => (perCapitaFen === null ? null : perCapitaFen - perHead(fen, persons));
  return {
    step: 'projection',
    text: '现有人均纯收入减去人均损失，得到预计人均纯收入',
    values: {
      perCapitaFen,
      lossPerHeadFen,
      projectedFen,
      projectedLowFen: left(loss.high),
      projectedHighFen: left(loss.low),
      ...assumedLeft(verdict, lossPerHeadFen),
    },
  };
}

const HELD_DOWN = '级别按这次的影响来定，原来的收入和开支没有往上加';

function comparison(lineFen: number | null, assumedFen: number | undefined): string {
  if (lineFen === null) return '当地当日还没有定监测线，收入没有比较，只看不看收入也要处理的困难';
  return assumedFen === undefined
    ? '与当地当日的监测线比较'
    : '收入没有掌握，先按监测线的倍数假定一个人均纯收入，损失和支出与它比较';
}

/**
 * What is left per head of an income that was only assumed, beside the figures of one that is known: by it the level was found.
 * `takenFen`: per head. Nothing where the income is known.
 */
export function assumedLeft(
  { assumedFen }: Pick<Verdict, 'assumedFen'>,
  takenFen: number,
): { readonly assumedLeftFen?: number } {
  return assumedFen === undefined ? {} : { assumedLeftFen: assumedFen - takenFen };
}

/** What has befallen the household as a share of the line, where that decided; `perHeadFen`: loss and bill. */
export function impactOf(
  { heldDown }: Pick<Verdict, 'heldDown'>,
  perHeadFen: number,
  lineFen: number | null,
): { readonly impactShareOfLine?: number } {
  return heldDown === undefined || lineFen === null ? {} : { impactShareOfLine: thousandths(perHeadFen / lineFen) };
}

export function thousandths(ratio: number): number {
  return Math.round(ratio * 1000) / 1000;
}

function textsOf(reasons: readonly AlertReason[]): string {
  return reasons.map((reason) => alertReasons[reason].text).join('；');
}
