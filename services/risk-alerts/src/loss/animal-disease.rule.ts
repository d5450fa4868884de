/**
 * What an animal disease takes from a keeper: the value of the heads that die, and of those killed by order (扑杀) less the
 * compensation for them (扑杀补助). Whose pen is hit is not known: where heads are reported they are spread over those that
 * stand in the area, and high is a pen that is wholly hit; else the shares of the disease are taken.
 */
import type { AnimalDisease, AnimalPrice, CullingCompensation, Estimate } from '@fangpin/policy';
import type { LossPerUnit } from './crop-loss.rule.js';

/** Heads of one area and animal in a report, with those that stood there, from the exposure. */
export interface ReportedAnimals {
  readonly deadHeads: number;
  readonly culledHeads: number;
  readonly standing: number;
}

/** What one head is worth and what is paid for one killed by order, fen. */
export interface HeadAtRisk {
  readonly value: Estimate;
  readonly compensationFen: number;
  /** Share of the compensation that comes within twelve months. */
  readonly paidShare: Estimate;
}

/** Value of a head as it stands in the pen, fen: live weight at sale × how far it is grown × price. */
export function valueOfHead(animal: AnimalPrice, { grownShare }: AnimalDisease, fenPerKg: number): Estimate {
  const of = (step: keyof Estimate): number => animal.liveWeightKg[step] * grownShare[step] * fenPerKg;
  return { low: of('low'), middle: of('middle'), high: of('high') };
}

/** Compensation for a head under a kind of disease, fen. */
export function compensationFor(policy: CullingCompensation, kind: string): number {
  return policy.fenPerHeadOf[kind] ?? policy.fenPerHead;
}

/** Loss per head kept where nobody has counted, fen. */
export function lossByDisease(head: HeadAtRisk, disease: AnimalDisease): LossPerUnit {
  const of = (step: keyof Estimate): number => {
    const dead = disease.infectedShare[step] * disease.diesShare[step];
    return lossOfHead(head, step, dead, (1 - dead) * disease.culledShare[step]);
  };
  return { low: of('low'), middle: of('middle'), high: of('high') };
}

/** Loss per head kept by a report, fen. */
export function lossByReportedHeads(head: HeadAtRisk, report: ReportedAnimals): LossPerUnit {
  const { deadHeads, culledHeads, standing } = report;
  if (standing === 0 || deadHeads + culledHeads === 0) return { low: 0, middle: 0, high: 0 };
  const dead = Math.min(1, deadHeads / standing);
  const culled = Math.min(1 - dead, culledHeads / standing);
  return {
    low: lossOfHead(head, 'low', dead, culled),
    middle: lossOfHead(head, 'middle', dead, culled),
    high: deadHeads > 0 ? lossOfHead(head, 'high', 1, 0) : lossOfHead(head, 'high', 0, 1),
  };
}

/** The dead are worth nothing; for the others the keeper has what is paid, most of it where the loss is least. */
function lossOfHead(head: HeadAtRisk, step: keyof Estimate, dead: number, culled: number): number {
  const { low, middle, high } = head.paidShare;
  const paid = head.compensationFen * { low: high, middle, high: low }[step];
  const value = head.value[step];
  return dead * value + culled * Math.max(0, value - paid);
}
