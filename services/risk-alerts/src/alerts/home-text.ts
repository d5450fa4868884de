/** The paragraph of a house or of water: what happened, what it costs, what is left. */
import { reasonsFromBits } from '@fangpin/contracts';
import { perHead } from '@fangpin/domain-kit';
import type { LineAnswer } from '@fangpin/policy';
import type { Verdict } from '../loss/household.js';
import {
  assumedIncome,
  chineseDay,
  comparedText,
  degree,
  disasterText,
  gradeText,
  incomeText,
  leftText,
  unknownIncomeText,
  rangeText,
  wholeYuan,
  yuan,
} from './chinese-words.js';
import { struckText } from './happened-text.js';
import type { ExplanationInputs } from './explanation-inputs.js';
import type { ExplainedHouse, ExplainedWater } from './home-inputs.js';

/** Sentences before the closing one; nothing where the alert is about livelihoods. */
export function homeText(
  inputs: ExplanationInputs,
  verdict: Verdict,
  line: LineAnswer | undefined,
): string[] | undefined {
  const { house, water } = inputs;
  if (house !== undefined)
    return [houseHappened(inputs, house), houseCosts(house, verdict), whatIsLeft(inputs, verdict, line, '修房')];
  if (water !== undefined)
    return [
      waterHappened(inputs, water),
      waterCosts(inputs, water, verdict),
      whatIsLeft(inputs, verdict, line, '用水'),
    ];
  return undefined;
}

function houseHappened({ shock, township }: ExplanationInputs, house: ExplainedHouse): string {
  const how =
    house.intensity === null
      ? ''
      : `，当地烈度${degree(house.intensity)}（${house.intensityReported ? '实地调查' : '按震级和距离推算'}）`;
  const { reported } = house;
  const counted =
    reported === null
      ? ''
      : `，灾情报告说${reported.name}房屋倒塌${reported.collapsed}户、损坏${reported.damaged}户，那里共有${reported.houses}户`;
  return `${chineseDay(shock.judgedOn)}，${township.name}一带${struckText(shock, disasterText(shock))}${how}${counted}，消息来源：${shock.source}。`;
}

function houseCosts({ grade, only, unsafe, reported }: ExplainedHouse, { loss }: Verdict): string {
  const graded = grade === 'unknown' ? '还没有评定等级' : `评定为${gradeText(grade)}`;
  const inHundred = Math.round(unsafe * 100);
  const chance = inHundred < 1 ? '不到1户' : `约${inHundred}户`;
  // A report does not say whose: what falls on each in the mean is nobody's bill, and the least is none.
  const bill =
    reported === null
      ? `估计修房要花约${yuan(loss.middle)}${rangeText(loss)}`
      : `坏了的是哪些户还不清楚，摊到像这样的每一户，修房约${yuan(loss.middle)}（没坏的不用花钱，真坏了的多则${yuan(loss.high)}）`;
  return (
    `这户人家的${only ? '唯一住房' : '住房'}${graded}，${bill}` +
    `；像这样的房子，一百户里${chance}会变得不能安全居住。`
  );
}

function waterHappened({ shock, township }: ExplanationInputs, { schemes }: ExplainedWater): string {
  const which = schemes.length === 0 ? '' : `（供水工程${schemes.join('、')}）`;
  return `${chineseDay(shock.judgedOn)}，${township.name}一带停水${which}，消息来源：${shock.source}。`;
}

function waterCosts({ persons }: ExplanationInputs, { days, stated }: ExplainedWater, { loss }: Verdict): string {
  const howLong = stated ? `停水${days}天` : `停水${days}天（没有说明停几天，暂按这个天数）`;
  return `这户人家有${persons}口人用水，按${howLong}算，买水拉水要花约${yuan(loss.middle)}` + `${rangeText(loss)}。`;
}

function whatIsLeft(
  { persons, perCapitaFen }: ExplanationInputs,
  verdict: Verdict,
  line: LineAnswer | undefined,
  what: string,
): string {
  const each = perHead(verdict.loss.middle, persons);
  const needs = needText(verdict.reasons);
  if (perCapitaFen === null)
    return `家里${persons}口人，${persons === 1 ? '' : `${what}平均每人要花${yuan(each)}；`}${unknownIncomeText(line, assumedIncome(verdict, each))}${needs}`;
  const left = perCapitaFen - each;
  const spent = wholeYuan(perCapitaFen) - wholeYuan(left);
  // Who lives alone has read it already, and rounded in another way it were another sum.
  const share = persons === 1 ? '' : `${what}平均每人要花${yuan(spent)}，`;
  return (
    `家里${persons}口人，${incomeText(perCapitaFen)}，${share}` +
    `花完${leftText(left)}，${comparedText(left, line)}。${needs}`
  );
}

function needText(bits: number): string {
  const reasons = reasonsFromBits(bits);
  if (reasons.includes('dwellingDamaged')) return '唯一住房可能不安全，不看收入多少，都要先请人看房，不能住的先安置。';
  if (reasons.includes('waterGone')) return '饮水断了，不看收入多少，都要先送水，再查明什么时候恢复。';
  return '';
}
