/** One Chinese paragraph that an old farmer would follow. Names no person. */
import { alertReasons, levelNames, reasonsFromBits, type AlertReason, type Level } from '@fangpin/contracts';
import { formatYuan, perHead } from '@fangpin/domain-kit';
import type { LineAnswer } from '@fangpin/policy';
import type { Verdict } from '../loss/household.js';
import type { ExplanationInputs } from './explanation-inputs.js';
import { chineseDay, yuan } from './chinese-words.js';
import { homeText } from './home-text.js';

/** Reasons that stand by themselves in the closing sentence; those about income are told by the figures before it. */
const WEAKNESSES: readonly AlertReason[] = [
  'noLabour',
  'severeDisability',
  'alreadyMonitored',
  'recentlyRemoved',
  'unsafeDwelling',
];

export function explanationText(inputs: ExplanationInputs, verdict: Verdict, line: LineAnswer): string {
  const told = homeText(inputs, verdict, line) ?? [
    whatHappened(inputs),
    whatIsLost(inputs, verdict),
    whatRemains(inputs, verdict, line),
  ];
  return [...told, whatWasSpent(inputs, verdict), whatFollows(verdict)].join('');
}

function whatHappened(inputs: ExplanationInputs): string {
  const { shock, township, priceFall, layOff, unsoldStock, animalDisease } = inputs;
  if (priceFall !== undefined) {
    const product = inputs.livelihoods[0]?.name ?? '畜产品';
    return (
      `${chineseDay(priceFall.from)}以来${product}价格持续下跌，从每公斤${formatYuan(priceFall.referenceFenPerKg)}` +
      `跌到每公斤${formatYuan(priceFall.latestFenPerKg)}（${chineseDay(priceFall.to)}）。`
    );
  }
  if (layOff !== undefined) {
    const where = layOff.regions.map(({ name }) => name).join('、');
    const who = layOff.employer === null ? '的用人单位裁员' : `一家用人单位（统一社会信用代码${layOff.employer}）裁员`;
    return `${chineseDay(shock.judgedOn)}，${where}${who}，消息来源：${shock.source}。`;
  }
  if (unsoldStock !== undefined) {
    const stocks = unsoldStock.map(({ product, quantityKg, offeredFenPerKg }) => {
      const offered = offeredFenPerKg > 0 ? `，收购价每公斤${formatYuan(offeredFenPerKg)}` : '';
      return `${product}滞销（当地约${quantityKg}公斤${offered}）`;
    });
    return `${chineseDay(shock.judgedOn)}，${township.name}一带${stocks.join('、')}，消息来源：${shock.source}。`;
  }
  const level = shock.level === null ? '' : `（${shock.level}）`;
  if (animalDisease !== undefined) {
    const counted = animalDisease.reported.map(
      ({ product, deadHeads, culledHeads }) => `${product}死亡${deadHeads}头、扑杀${culledHeads}头`,
    );
    const report = counted.length === 0 ? '' : `，已上报${counted.join('，')}`;
    return `${chineseDay(shock.judgedOn)}，${township.name}一带发生${shock.name}疫情${level}${report}，消息来源：${shock.source}。`;
  }
  return `${chineseDay(shock.judgedOn)}，${township.name}一带发生${shock.name}灾害${level}，消息来源：${shock.source}。`;
}

function whatIsLost({ livelihoods, layOff, animalDisease }: ExplanationInputs, { loss }: Verdict): string {
  const listed = (units: readonly string[]): string =>
    livelihoods
      .filter(({ unit }) => units.includes(unit))
      .map(({ name, quantity, unit }) => `${name}${quantity}${unit}`)
      .join('、');
  const wages =
    layOff === undefined || layOff.wageFenPerWorker === null
      ? ''
      : `，务工的人平均每人一年挣${yuan(layOff.wageFenPerWorker)}`;
  const paid = (animalDisease?.compensation ?? [])
    .filter(({ fenPerHead }) => fenPerHead > 0)
    .map(({ product, fenPerHead }) => `${product}每头${yuan(fenPerHead)}`);
  const culling = paid.length === 0 ? '' : `；扑杀的按补助标准${paid.join('、')}计算，已经扣除`;
  const has = [
    ['种有', listed(['亩'])],
    ['养有', listed(['头'])],
    ['在那里务工的有', listed(['人'])],
  ].flatMap(([verb, things]) => (things === '' ? [] : [`${verb}${things}`]));
  return (
    `这户人家${has.join('，')}${wages}，估计十二个月内少收入约${yuan(loss.middle)}` +
    `（少则${yuan(loss.low)}，多则${yuan(loss.high)}${culling}）。`
  );
}

function whatRemains({ persons, perCapitaFen }: ExplanationInputs, verdict: Verdict, line: LineAnswer): string {
  const assumed = line.assumed ? '（暂用，待县里确认）' : '';
  const lineText = `监测线每人每年${yuan(line.fen)}${assumed}`;
  const perPerson = yuan(perHead(verdict.loss.middle, persons));
  if (perCapitaFen === null || verdict.projectedFen === null)
    return `家里${persons}口人，平均每人少收入${perPerson}；家庭收入还没有掌握，无法与${lineText}比较，需要上门了解。`;
  const gap = verdict.projectedFen - line.fen;
  const compared = gap < 0 ? `比${lineText}低${yuan(-gap)}` : `比${lineText}高${yuan(gap)}`;
  return (
    `家里${persons}口人，近十二个月人均纯收入${yuan(perCapitaFen)}，平均每人少收入${perPerson}，` +
    `预计人均还剩${yuan(verdict.projectedFen)}，${compared}。`
  );
}

/** Only where it made a difference: spending on record that the bands call hard. */
function whatWasSpent({ spendingFen }: ExplanationInputs, { reasons }: Verdict): string {
  if (spendingFen === null || (reasons & alertReasons.hardSpending.bit) === 0) return '';
  return `近十二个月看病等开支报销以后自己还出了${yuan(spendingFen)}，也要算在一起看。`;
}

function whatFollows(verdict: Verdict): string {
  const weak = reasonsFromBits(verdict.reasons).filter((reason) => WEAKNESSES.includes(reason));
  const also =
    weak.length === 0 ? '' : `另外，${weak.map((reason) => alertReasons[reason].text).join('、')}，要提高一级看待。`;
  return `${also}因此提示为${levelNames[verdict.severity as Level] ?? ''}风险，请村里上门核实；这只是线索，不是认定结果。`;
}
