/** One Chinese paragraph on a finding that an old farmer would follow. Names no person and no illness. */
import { alertReasons, levelNames, reasonsFromBits, type AlertReason, type Level } from '@fangpin/contracts';
import { perHead } from '@fangpin/domain-kit';
import type { LineAnswer } from '@fangpin/policy';
import {
  assumedIncome,
  chineseDay,
  comparedText,
  gradeText,
  heldDownText,
  incomeText,
  leftText,
  lowestLeft,
  unknownIncomeText,
  rangeText,
  reasonsText,
  weaknessText,
  wholeYuan,
  yuan,
} from '../alerts/chinese-words.js';
import { FACT_BITS, removedOn, type Verdict } from '../loss/household.js';
import { HOUSE_GRADES } from '../loss/things.js';
import { paidFen, type FindingFacts } from './finding-facts.js';
import { isOfIncome, spendingBeside, type FoundHousehold } from './finding-loss.rule.js';

/** `lifted`: by how many levels the household's weaknesses have lifted the severity. */
export function findingText(
  finding: FindingFacts,
  household: FoundHousehold,
  verdict: Verdict,
  line: LineAnswer | undefined,
  lifted: number,
): string {
  return [
    whatWasFound(finding),
    whatItCosts(finding, verdict),
    whatIsLeft(finding, household, verdict, line),
    heldDown(finding, household, verdict, line),
    whatFollows(household, verdict, lifted),
  ].join('');
}

function whatWasFound(finding: FindingFacts): string {
  const { kind, occurredOn, spentSince, days, ofEarner } = finding;
  const day = chineseDay(occurredOn);
  switch (kind.key) {
    case 'medical-spending':
    case 'tuition': {
      const what = kind.key === 'tuition' ? '上学' : '看病';
      const since = spentSince === '' ? '' : `从${chineseDay(spentSince)}起`;
      const all = `${since}到${day}，这户人家${what}一共花了${yuan(finding.spentFen)}`;
      if (finding.refundedFen === 0) return `${all}，都是自己出的。`;
      return `${all}，报销和补助${yuan(finding.refundedFen)}，自己出了${yuan(paidFen(finding))}。`;
    }
    case 'drop-out':
      return `到${day}，这户人家有孩子${days > 0 ? `${days}天没有上学` : '辍学'}。`;
    case 'unsafe-house':
      return `${day}，这户人家的房子评定为${gradeText(HOUSE_GRADES[finding.houseGrade] ?? '')}。`;
    case 'water':
      return `到${day}，这户人家喝水有困难${days > 0 ? `，已有${days}天` : ''}。`;
    case 'death-of-earner':
      return `${day}，这户人家的主要劳动力去世。`;
    default:
      return `${day}，这户人家${ofEarner ? '的主要劳动力' : '有人'}${MISFORTUNES[kind.key] ?? `遇到${kind.name}`}。`;
  }
}

const MISFORTUNES: Readonly<Record<string, string>> = {
  accident: '出了意外事故',
  disability: '新评上重度残疾',
  crime: '在刑事案件里受了害',
};

/**
 * The register counts who can work, and neither it nor a finding says who of them it is about: whoever visits is told where it counts nobody, and
 * the wages stay, since an earner who has died may have left the register before the department speaks.
 */
const NO_EARNER_KNOWN = '登记里这户现在没有劳动力，出事的是不是养家的人，请上门时核实。';

function whatItCosts(finding: FindingFacts, { loss, reasons }: Verdict): string {
  const { kind } = finding;
  if (loss.high === 0 || kind.key === 'medical-spending' || kind.key === 'tuition') return '';
  if (kind.key === 'water') return `买水拉水估计要花约${yuan(loss.middle)}${rangeText(loss)}。`;
  const paid = paidFen(finding);
  const own = paid === 0 ? '' : `为此自己出了${yuan(paid)}。`;
  if (!isOfIncome(finding)) return own;
  const doubt = (reasons & alertReasons.noLabour.bit) === 0 ? '' : NO_EARNER_KNOWN;
  return `估计十二个月内少收入约${yuan(loss.middle)}${rangeText(loss)}。${own}${doubt}`;
}

/** Where spending is hard, all that was weighed is told: what is on record beside the finding, and the bill beside lost wages. */
function whatIsLeft(
  finding: FindingFacts,
  household: FoundHousehold,
  verdict: Verdict,
  line: LineAnswer | undefined,
): string {
  const { loss, projectedFen, reasons } = verdict;
  const { persons, perCapitaFen } = household;
  const { onRecordFen, billFen } = spendingBeside(finding, household);
  const ofIncome = isOfIncome(finding);
  const isHard = (reasons & alertReasons.hardSpending.bit) !== 0;
  const besides = isHard ? onRecordFen : 0;
  const also = besides === 0 ? '' : `近十二个月看病等别的开支自己还出了${yuan(besides)}，算在一起`;
  const bill = ofIncome ? (isHard ? billFen : 0) : loss.middle;
  if (perCapitaFen === null || projectedFen === null) {
    const taken = perHead(bill + besides + (ofIncome ? loss.middle : 0), persons);
    const unknown = unknownIncomeText(line, assumedIncome(verdict, taken));
    return `家里${persons}口人，${also === '' ? '' : `${also}看；`}${unknown}`;
  }
  const left = projectedFen - perHead(bill + besides, persons);
  const each = yuan(wholeYuan(projectedFen) - wholeYuan(left));
  return [
    `家里${persons}口人，${incomeText(perCapitaFen)}，`,
    ofIncome ? `预计${leftText(projectedFen)}，` : '',
    bill + besides === 0 ? '' : `${also}平均每人花掉${each}，花完${leftText(left)}，`,
    `${comparedText(left, line)}。`,
  ].join('');
}

function heldDown(
  finding: FindingFacts,
  household: FoundHousehold,
  verdict: Verdict,
  line: LineAnswer | undefined,
): string {
  const bill = isOfIncome(finding) ? spendingBeside(finding, household).billFen : 0;
  return heldDownText(verdict, perHead(verdict.loss.middle + bill, household.persons), line);
}

const NEEDS: Readonly<Partial<Record<AlertReason, string>>> = {
  dwellingDamaged: '唯一住房不安全，不看收入多少，都要先解决住的问题。',
  waterGone: '喝水有困难，不看收入多少，都要先解决喝水问题。',
  earnerLost: '家里的顶梁柱没了或不能干活了，不看收入多少，都要先上门看看。',
  outOfSchool: '孩子要上学，不看收入多少，都要先劝返。',
  personHurt: '家里有人出了事，不看收入多少，都要上门看看。',
};

function whatFollows(household: FoundHousehold, verdict: Verdict, lifted: number): string {
  const needs = reasonsFromBits(verdict.reasons).flatMap((reason) => NEEDS[reason] ?? []);
  if (verdict.withheld !== undefined) return `${needs.join('')}目前不提示风险；情况变化时再看。`;
  const removed = removedOn(household);
  const lowestFen = lowestLeft(household, verdict);
  const why = reasonsFromBits(verdict.reasons & ~FACT_BITS).filter((reason) => !(reason in NEEDS));
  // Spending is taken off what is left where it is hard.
  const billsTold = (verdict.reasons & alertReasons.hardSpending.bit) !== 0;
  const also = why.length === 0 ? '' : `（${reasonsText(why, { removedOn: removed, lowestFen, billsTold })}）`;
  return `${needs.join('')}${weaknessText(verdict.reasons, removed, lifted)}因此提示为${levelNames[verdict.severity as Level] ?? ''}风险${also}，请村里上门核实；这只是线索，不是认定结果。`;
}
