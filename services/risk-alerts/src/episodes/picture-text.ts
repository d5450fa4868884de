/** What a helper reads out at the door: one paragraph over all causes. */
import { alertReasons, JOINT_CAUSE, levelNames, type AlertReason, type Cause, type Level } from '@fangpin/contracts';
import { perHead, shanghaiDay } from '@fangpin/domain-kit';
import type { LineAnswer } from '@fangpin/policy';
import {
  assumedIncome,
  chineseDay,
  comparedText,
  heldDownText,
  incomeText,
  leftText,
  unknownIncomeText,
  wholeYuan,
  yuan,
} from '../alerts/chinese-words.js';
import { causesOf } from '../joint/joint-verdict.rule.js';
import { sharedText } from '../joint/shared-text.js';
import { needsIn } from '../alerts/verdict-steps.js';
import { causeWord } from './cause-words.js';
import type { ShownEpisodeRow } from './episode-rows.js';
import { countedTogether, type JointRisk, type StandingAlert } from './joint-risk.rule.js';

type Standing = Pick<StandingAlert, 'cause' | 'severity'>;

export const COUNTS = ['', '一', '两', '三', '四', '五', '六', '七', '八', '九', '十'];

/** `open`: episodes that stand; `takenBack`: those that were told and then recalled; `standing`: all that is added up. */
export function pictureText(
  open: readonly ShownEpisodeRow[],
  takenBack: readonly ShownEpisodeRow[],
  standing: readonly Standing[],
  joint: JointRisk | undefined,
  line: LineAnswer | undefined,
): string {
  const back =
    takenBack.length === 0
      ? ''
      : `前些天告诉您的“${takenBack.map(({ cause }) => causeWord(cause)).join('、')}”风险已经撤回，不用再担心这件事。`;
  if (open.length === 0) return back === '' ? '您家目前没有风险提示。' : back;
  const causes = causesOf(standing);
  const what = open
    .map((row) => {
      const level = `${levelName(row.severity)}${easingText(row, saidNow(row.cause, standing, joint))}`;
      return `${causeWord(row.cause)}（${ofCauses(row.cause, causes)}${level}）`;
    })
    .join('、');
  const how = COUNTS[open.length] ?? String(open.length);
  return `${back}您家目前有${how}项风险提示：${what}。${joint === undefined || line === undefined ? '' : jointText(joint, line)}${WHAT_FOLLOWS}`;
}

/** What its alerts say now, whatever an episode is kept at; 0 where none stands. */
function saidNow(cause: Cause, standing: readonly Standing[], joint: JointRisk | undefined): number {
  if (cause === JOINT_CAUSE) return joint?.jointSeverity ?? 0;
  return standing.reduce((worst, alert) => (alert.cause === cause ? Math.max(worst, alert.severity) : worst), 0);
}

/** An episode that is kept at its level for some days: all that follows speaks of how it is now. */
function easingText({ easing_since, severity }: ShownEpisodeRow, now: number): string {
  if (easing_since === null) return '';
  const less = now > 0 && now < severity ? `，现在是${levelName(now)}` : '';
  return `；${chineseDay(shanghaiDay(easing_since))}起有所缓解${less}，观察期满前先按${levelName(severity)}提示`;
}

/** What an alert of several causes is about: those that raised none alone are named nowhere else. */
function ofCauses(cause: Cause, causes: readonly Cause[]): string {
  return cause === JOINT_CAUSE && causes.length > 0 ? `${causes.map(causeWord).join('、')}；` : '';
}

const WHAT_FOLLOWS =
  '这只是提示，不是认定结果；村里会上门了解情况，您也可以随时向村干部、驻村工作队说明困难，或者拨打12317反映。';

/** What all of them take together, what has been paid already, what is left to live on, and how bad that is. */
export function jointText(joint: JointRisk, line: LineAnswer): string {
  const { incomeLoss, bills, paidFen } = joint;
  const together = joint.adding.length > 1 ? '合在一起' : '';
  const toPay = bills.middle - paidFen;
  const parts = [
    ...(incomeLoss.middle > 0
      ? [`少收入约${yuan(incomeLoss.middle)}（少则${yuan(incomeLoss.low)}，多则${yuan(incomeLoss.high)}）`]
      : []),
    ...(toPay > 0 ? [`要多花约${yuan(toPay)}`] : []),
  ];
  const takes = parts.length === 0 ? '' : `${together}估算，今后十二个月家里${parts.join('，')}。`;
  const paid =
    paidFen === 0
      ? ''
      : `${parts.length === 0 ? together : '另外，'}看病、上学等扣除报销和补助，自己已经花了${yuan(paidFen)}。`;
  return `${takes}${paid}${sharedText(joint.shared)}${remainderText(joint, line)}${needText(joint.reasons)}${heldDown(joint, line)}${worseText(joint)}`;
}

/** As a finding tells it: bills are taken off what is left to live on, and other spending on record where spending is hard. */
function remainderText(joint: JointRisk, line: LineAnswer): string {
  const { persons, perCapitaFen, projected, incomeLoss, bills, paidFen, spendingFen, reasons } = joint;
  const besides = (reasons & alertReasons.hardSpending.bit) !== 0 ? spendingFen : 0;
  const also = besides === 0 ? '' : `近十二个月看病等别的开支自己还出了${yuan(besides)}，算在一起`;
  const toPay = bills.middle + besides;
  if (perCapitaFen === null || projected === null) {
    const unknown = unknownIncomeText(line, assumedIncome(joint, perHead(incomeLoss.middle + toPay, persons)));
    return `家里${persons}口人，${also === '' ? '' : `${also}看；`}${unknown}`;
  }
  const left = projected.middle - perHead(toPay, persons);
  const each = yuan(wholeYuan(projected.middle) - wholeYuan(left));
  return [
    `家里${persons}口人，${incomeText(perCapitaFen)}，`,
    toPay > 0 && incomeLoss.middle === 0 ? '' : `预计${leftText(projected.middle)}，`,
    toPay === 0 ? '' : `${also}平均每人${bills.middle > paidFen ? '要花' : '花掉'}${each}，花完${leftText(left)}，`,
    `${comparedText(left, line)}。`,
  ].join('');
}

/** What nobody can put right any more: somebody comes to see what the family needs. */
const TO_BE_VISITED: ReadonlySet<AlertReason> = new Set<AlertReason>(['earnerLost', 'personHurt']);

function needText(bits: number): string {
  const needs = needsIn(bits);
  const toSolve = needs.filter((need) => !TO_BE_VISITED.has(need));
  const toVisit = needs.filter((need) => TO_BE_VISITED.has(need));
  return needSentence(toSolve, '都要先解决') + needSentence(toVisit, '都要上门看看');
}

function needSentence(needs: readonly AlertReason[], what: string): string {
  return needs.length === 0
    ? ''
    : `${needs.map((need) => alertReasons[need].text).join('、')}，不看收入多少，${what}。`;
}

/** Why it is no worse, where what befell it decided and not how it stood before. */
function heldDown(joint: JointRisk, line: LineAnswer): string {
  const { incomeLoss, bills, persons } = joint;
  const what = joint.adding.length > 1 ? '这几件事合在一起，' : '这次';
  return heldDownText(joint, perHead(incomeLoss.middle + bills.middle, persons), line, what);
}

function worseText(joint: JointRisk): string {
  const { worstSeverity, jointSeverity } = joint;
  if (countedTogether(joint) < 2 || jointSeverity <= worstSeverity) return '';
  const alone = worstSeverity === 0 ? '单看哪一项都不到提示的程度' : `单看每一项最高是${levelName(worstSeverity)}`;
  return `${alone}，合在一起是${levelName(jointSeverity)}风险。`;
}

const levelName = (severity: number): string => levelNames[severity as Level] ?? '无';
