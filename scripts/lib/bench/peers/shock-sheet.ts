/** A shock for the Kafka Streams peer: a text of figures, which ShockSheet.java reads. */
import { alertReasons } from '@fangpin/contracts';
import { dutyRange } from '@fangpin/domain-kit';
import { Failure } from '../../failure.ts';
import type { JudgedShock } from './judged-shock.ts';
import { modelsOf, type AssessedHousehold, type LossModelDoor } from './loss-model.ts';

/** A loss per unit is the same for every household where no wages are asked for. */
const ANYBODY: AssessedHousehold = { persons: 1, perCapitaFen: 0, facts: 0, livelihoods: [] };

/**
 * Lines of words parted by blanks: the shock, its areas, the bands of severity, and by township the line, the due date of a
 * first visit and the loss per unit of each product, as the services' model compiles them. Refuses kinds of shock whose loss
 * is not the same per unit for each household, or goes by what stood in an area (lay-offs, damage reports, unsold stock). The peer knows no `impact-ceiling`: the benchmark's policy holds nothing down.
 */
export function shockSheet(run: string, shock: JudgedShock, door: LossModelDoor): string {
  const { facts, policy } = shock;
  if (facts.layOff !== undefined || facts.unsoldStock !== undefined || facts.damage.length > 0)
    throw new Failure(`the peer takes no shock ${facts.shockId}: its loss is not one figure per unit`);
  const modelOf = modelsOf(door, facts, policy);
  const products = door.productsAtRisk(facts, policy);
  const somewhere = facts.ranges[0]?.lo ?? 0;
  const [first] = shock.dueMs.keys();
  if (first === undefined) throw new Failure(`shock ${facts.shockId} has touched no township`);
  const { bands, triage } = modelOf(first).policy;
  const lines: (string | number)[][] = [
    ['run', run],
    [
      'shock',
      facts.shockId,
      shock.origin,
      shock.alertRevision,
      facts.kind,
      shock.cause,
      facts.judgedOn,
      policy.version,
      shock.caseRevision,
    ],
    ...facts.ranges.map(({ lo, hi }) => ['range', lo, hi]),
    [
      'bands',
      bands.lossShareCountsBelowRatio,
      bands.lowProjectionUnderLine,
      bands.incomeUnknown,
      bands.materialLossShareOfLine,
      bands.maxLift,
      triage.alertFrom,
    ],
    ...(['red', 'orange', 'yellow', 'blue'] as const).map((level) => [
      'level',
      level,
      bands.incomeRatioBelow[level],
      bands.lossShareFrom[level],
    ]),
    ...(['noLabour', 'severeDisability', 'alreadyMonitored', 'recentlyRemoved', 'unsafeDwelling'] as const).map(
      (reason) => ['lift', alertReasons[reason].bit, bands.lift[reason]],
    ),
  ];
  for (const [township, dueMs] of shock.dueMs) {
    const model = modelOf(township);
    const number = Math.floor(dutyRange(township).lo / 1_000_000);
    lines.push(['place', number, model.policy.lineFen(), dueMs]);
    for (const product of products) {
      const { low, middle, high } = model.unitLoss({ product, quantity: 1, place: somewhere }, ANYBODY);
      lines.push(['unit', number, product, low, middle, high]);
    }
  }
  return lines.map((words) => words.join(' ')).join('\n');
}
