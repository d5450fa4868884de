/** One Chinese paragraph that an old farmer would follow. Names no person. */
import { alertReasons, levelNames, reasonsFromBits, type AlertReason, type Level } from '@fangpin/contracts';
import { formatYuan, perHead } from '@fangpin/domain-kit';
import type { LineAnswer } from '@fangpin/policy';
import type { Verdict } from '../loss/household.js';
import { whatHappened } from './happened-text.js';
import type { ExplanationInputs } from './explanation-inputs.js';
import {
  assumedIncome,
  comparedText,
  heldDownText,
  incomeText,
  leftText,
  lowestLeft,
  rangeText,
  reasonsText,
  unknownIncomeText,
  weaknessText,
  wholeYuan,
  yuan,
} from './chinese-words.js';
import { homeText } from './home-text.js';

/** Reasons of the severity that the figures before do not speak for: 高242元 alone gives no warning. */
const REASONS: readonly AlertReason[] = ['incomeNearLine', 'heavyLoss', 'hardSpending'];

/** `lifted`: by how many levels the household's weaknesses have lifted the severity. */
export function explanationText(
  inputs: ExplanationInputs,
  verdict: Verdict,
  line: LineAnswer | undefined,
  lifted: number,
): string {
  const told = homeText(inputs, verdict, line) ?? [
    whatHappened(inputs),
    whatIsLost(inputs, verdict),
    whatRemains(inputs, verdict, line),
  ];
  return [...told, whatWasSpent(inputs, verdict), whatFollows(inputs, verdict, line, lifted)].join('');
}

function whatIsLost({ livelihoods, layOff, animalDisease }: ExplanationInputs, { loss }: Verdict): string {
  const wages =
    layOff === undefined || layOff.wageFenPerWorker === null
      ? ''
      : `，务工的人平均每人一年挣${yuan(layOff.wageFenPerWorker)}`;
  const paid = (animalDisease?.compensation ?? [])
    .filter(({ fenPerHead }) => fenPerHead > 0)
    .map(({ product, unit, fenPerHead }) => `${product}每${unit}${formatYuan(fenPerHead)}`);
  const culling = paid.length === 0 ? '' : `扑杀的按补助标准${paid.join('、')}计算，已经扣除`;
  return `这户人家${heldText(livelihoods)}${wages}，估计十二个月内少收入约${yuan(loss.middle)}${rangeText(loss, culling)}。`;
}

/** What the household has that loses by the shock, each product once. */
function heldText(livelihoods: ExplanationInputs['livelihoods']): string {
  const hit = livelihoods.filter(({ lossHighFen }) => lossHighFen > 0);
  const sums = new Map<string, { name: string; unit: string; quantity: number }>();
  for (const { name, unit, quantity } of hit) {
    const before = sums.get(name)?.quantity ?? 0;
    // Areas have two decimals, which sums of binary fractions do not keep.
    sums.set(name, { name, unit, quantity: Math.round((before + quantity) * 100) / 100 });
  }
  const held = [...sums.values()];
  const listed = (units: readonly string[]): string =>
    held
      .filter(({ unit }) => units.includes(unit))
      .map(({ name, quantity, unit }) => `${name}${quantity}${unit}`)
      .join('、');
  const jobs = held.filter(({ unit }) => unit === '人').map(({ name, quantity }) => `${quantity}人（${name}）`);
  return [
    ['种有', listed(['亩'])],
    ['养有', listed(['头', '只'])],
    ['在那里务工的有', jobs.join('、')],
  ]
    .flatMap(([verb, things]) => (things === '' ? [] : [`${verb}${things}`]))
    .join('，');
}

function whatRemains(
  { persons, perCapitaFen }: ExplanationInputs,
  verdict: Verdict,
  line: LineAnswer | undefined,
): string {
  if (perCapitaFen === null || verdict.projectedFen === null) {
    const each = perHead(verdict.loss.middle, persons);
    return `家里${persons}口人，平均每人少收入${yuan(each)}；${unknownIncomeText(line, assumedIncome(verdict, each))}`;
  }
  const { projectedFen } = verdict;
  const less = wholeYuan(perCapitaFen) - wholeYuan(projectedFen);
  // Who lives alone has read it already, and rounded in another way it were another sum.
  const each = persons === 1 ? '' : `平均每人少收入${yuan(less)}，`;
  return (
    `家里${persons}口人，${incomeText(perCapitaFen)}，${each}` +
    `预计${leftText(projectedFen)}，${comparedText(projectedFen, line)}。`
  );
}

/** Only where it made a difference: spending on record that the bands call hard. */
function whatWasSpent({ spendingFen }: ExplanationInputs, { reasons }: Verdict): string {
  if (spendingFen === null || spendingFen === 0 || (reasons & alertReasons.hardSpending.bit) === 0) return '';
  return `近十二个月看病等开支报销以后自己还出了${yuan(spendingFen)}，也要算在一起看。`;
}

function whatFollows(
  inputs: ExplanationInputs,
  verdict: Verdict,
  line: LineAnswer | undefined,
  lifted: number,
): string {
  const { removedOn, persons } = inputs;
  const { reasons, severity, loss } = verdict;
  const lowestFen = lowestLeft(inputs, verdict);
  const why = reasonsFromBits(reasons).filter((reason) => REASONS.includes(reason));
  const since = why.length === 0 ? '' : `${reasonsText(why, { removedOn, lowestFen })}，`;
  const held = heldDownText(verdict, perHead(loss.middle, persons), line);
  return `${held}${weaknessText(reasons, removedOn, lifted)}${since}因此提示为${levelNames[severity as Level] ?? ''}风险，请村里上门核实；这只是线索，不是认定结果。`;
}
