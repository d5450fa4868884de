/** Amounts, days, degrees and reasons as they are said. */
import { reasonsFromBits, type AlertReason } from '@fangpin/contracts';
import { formatYuan, perHead } from '@fangpin/domain-kit';
import type { LineAnswer } from '@fangpin/policy';
import { FACT_BITS, type Verdict } from '../loss/household.js';

/** Whole yuan are enough for an estimate. */
export function yuan(fen: number): string {
  return formatYuan(wholeYuan(fen));
}

/** Fen of whole yuan: what is told is added and taken off so, that a reader who does the sum comes to the same. */
export function wholeYuan(fen: number): number {
  return Math.round(fen / 100) * 100;
}

/** Nothing where both ends are the same. */
export function rangeText({ low, high }: { readonly low: number; readonly high: number }, more = ''): string {
  const range = wholeYuan(low) === wholeYuan(high) ? '' : `少则${yuan(low)}，多则${yuan(high)}`;
  const said = [range, more].filter((part) => part !== '').join('；');
  return said === '' ? '' : `（${said}）`;
}

export function chineseDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

export function lineText(line: LineAnswer): string {
  return `监测线每人每年${yuan(line.fen)}${line.assumed ? '（暂用，待县里确认）' : ''}`;
}

const NO_LINE = '当地的监测线还没有定';

/** An income per head that was only assumed, and what the loss and the bills leave of it, fen; the latter decides the level. */
export interface AssumedIncome {
  readonly incomeFen: number;
  readonly leftFen: number;
}

/** `takenFen`: by the loss and the bills, per head. */
export function assumedIncome(
  { assumedFen }: { readonly assumedFen?: number },
  takenFen: number,
): AssumedIncome | undefined {
  return assumedFen === undefined ? undefined : { incomeFen: assumedFen, leftFen: assumedFen - takenFen };
}

/** Without a line nothing is assumed. */
export function unknownIncomeText(line: LineAnswer | undefined, assumed?: AssumedIncome): string {
  if (line === undefined) return `家庭收入还没有掌握，${NO_LINE}，收入这一项没有比较，需要上门了解。`;
  const unknown = `家庭收入还没有掌握，无法与${lineText(line)}比较，`;
  if (assumed === undefined) return `${unknown}需要上门了解。`;
  const { incomeFen, leftFen } = assumed;
  return `${unknown}先按每人每年${yuan(incomeFen)}来估计风险，按这个数算，${leftText(leftFen)}，${gapText(leftFen, line.fen, '监测线')}；需要上门了解。`;
}

/**
 * Where what has befallen a household weighs less than how it stood before: why the level is no higher. `perHeadFen`: loss and bill
 * of what happened; `what`: that this was one thing, or several.
 */
export function heldDownText(
  { heldDown }: { readonly heldDown?: true },
  perHeadFen: number,
  line: LineAnswer | undefined,
  what = '这次',
): string {
  if (heldDown === undefined || line === undefined) return '';
  const share = Math.round((perHeadFen / line.fen) * 1000) / 10;
  const weighs =
    wholeYuan(perHeadFen) <= 0
      ? '这件事没有折算出多少钱'
      : `${what}平均每人的影响约${yuan(perHeadFen)}，是监测线的${share}%`;
  return `${weighs}，级别按这次的影响来定，家里原来的收入和开支没有往上加。`;
}

/** Net income per head of the last twelve months; costs may have been higher than what came in. */
export function incomeText(perCapitaFen: number): string {
  return perCapitaFen < 0
    ? `近十二个月算下来没有结余，平均每人亏${yuan(-perCapitaFen)}`
    : `近十二个月人均纯收入${yuan(perCapitaFen)}`;
}

/** What is left to live on per head, after a word that says of what. */
export function leftText(leftFen: number): string {
  return leftFen < 0 ? `平均每人还差${yuan(-leftFen)}` : `人均还剩${yuan(leftFen)}`;
}

/** What is left per head against the line, if one was set for the place. */
export function comparedText(leftFen: number, line: LineAnswer | undefined): string {
  if (line === undefined) return `${NO_LINE}，收入这一项没有比较`;
  return gapText(leftFen, line.fen, lineText(line));
}

function gapText(leftFen: number, lineFen: number, line: string): string {
  const gap = wholeYuan(leftFen) - wholeYuan(lineFen);
  if (gap === 0) return `和${line}差不多`;
  return gap < 0 ? `比${line}低${yuan(-gap)}` : `比${line}高${yuan(gap)}`;
}

const DEGREES = ['', 'Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', 'Ⅵ', 'Ⅶ', 'Ⅷ', 'Ⅸ', 'Ⅹ', 'Ⅺ', 'Ⅻ'];

/** 烈度 as notices write it. */
export function degree(intensity: number): string {
  return `${DEGREES[intensity] ?? String(intensity)}度`;
}

const GRADES: Readonly<Record<string, string>> = {
  A: 'A级（安全）',
  B: 'B级（基本安全）',
  C: 'C级危房（局部危险）',
  D: 'D级危房（整栋危险）',
};

/** 危房等级 with what it means. */
export function gradeText(grade: string): string {
  return GRADES[grade] ?? `${grade}级`;
}

/** Kinds whose word is no disaster by itself. */
const DISASTERS: Readonly<Record<string, string>> = {
  other: '灾害',
  'forest-fire': '森林火灾',
  geological: '地质灾害',
};

export function disasterText({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return DISASTERS[kind] ?? `${name}灾害`;
}

export function epidemicText({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return kind === 'animal-disease' ? '动物疫情' : `${name}疫情`;
}

/** Reasons in the words of a village; officers read those of `alertReasons`. */
const REASONS: Readonly<Record<AlertReason, string>> = {
  incomeBelowLine: '预计收入低于监测线',
  incomeNearLine: '预计收入离监测线不远',
  heavyLoss: '收入一下子少了很多',
  noLabour: '家里没有劳动力',
  severeDisability: '家里有重度残疾的人',
  alreadyMonitored: '已经是监测户',
  recentlyRemoved: '消除过风险（哪一天没有登记）',
  unsafeDwelling: '唯一的住房本来就不安全',
  incomeUnknown: '家里收入还不清楚',
  dwellingDamaged: '唯一的住房可能不能安全居住',
  waterGone: '喝水有困难',
  hardSpending: '必须花的钱太多',
  earnerLost: '主要劳动力没了或不能干活了',
  outOfSchool: '孩子没有上学',
  personHurt: '家里有人出了事',
};

/** What is left per head of the income at worst, where that is what made it a risk. */
export function lowestLeft(
  { perCapitaFen, persons }: { readonly perCapitaFen: number | null; readonly persons: number },
  { atWorst, loss }: Pick<Verdict, 'atWorst' | 'loss'>,
): number | undefined {
  return atWorst && perCapitaFen !== null ? perCapitaFen - perHead(loss.high, persons) : undefined;
}

export interface WhyTold {
  readonly removedOn: string | null;
  /** {@link lowestLeft}, which is under the line, where that made it a risk rather than that the income is close to the line. */
  readonly lowestFen: number | undefined;
  /** The text has taken bills off what is left, which {@link lowestLeft} does not: what is spent is no income lost. */
  readonly billsTold?: boolean;
}

/** Reasons in a row; what has a comma of its own is set apart by more than a comma. */
export function reasonsText(reasons: readonly AlertReason[], { removedOn, lowestFen, billsTold }: WhyTold): string {
  const spent = billsTold ? '不算花掉的钱，' : '';
  const worst =
    lowestFen !== undefined ? `要是碰上最坏的情况，${spent}${leftText(lowestFen)}，就低于监测线了` : undefined;
  const texts = reasons.map((reason) => (reason === 'incomeNearLine' && worst) || reasonText(reason, removedOn));
  return texts.join(worst !== undefined && texts.includes(worst) ? '；' : '、');
}

/** `removedOn`: the day on which the household's risk was removed (YYYY-MM-DD), where it is known. */
export function reasonText(reason: AlertReason, removedOn: string | null): string {
  if (reason === 'recentlyRemoved' && removedOn !== null) return `于${chineseDay(removedOn)}才消除风险`;
  return REASONS[reason];
}

const LEVELS_UP = ['', '一', '两', '三'];

/** The household's weaknesses among the bits of a verdict, and by how many levels they have lifted it; empty where there are none. */
export function weaknessText(bits: number, removedOn: string | null, lifted: number): string {
  const weak = reasonsFromBits(bits & FACT_BITS).map((reason) => reasonText(reason, removedOn));
  if (weak.length === 0) return '';
  const how = lifted > 0 ? `所以提高${LEVELS_UP[lifted] ?? String(lifted)}级看待` : '要格外留意';
  return `另外，${weak.join('、')}，${how}。`;
}
