/** One Chinese paragraph on what several causes are together, that an old farmer would follow. */
import { levelNames, type Level } from '@fangpin/contracts';
import type { LineAnswer } from '@fangpin/policy';
import { yuan } from '../alerts/chinese-words.js';
import { causeWord } from '../episodes/cause-words.js';
import { lossIsOf, type JointRisk, type StandingAlert } from '../episodes/joint-risk.rule.js';
import { COUNTS, jointText } from '../episodes/picture-text.js';
import { causesOf } from './joint-verdict.rule.js';

export function severalText(parts: readonly StandingAlert[], risk: JointRisk, line: LineAnswer): string {
  const causes = causesOf(parts).length;
  const many = causes === parts.length ? '种' : '起';
  const how = `${COUNTS[parts.length] ?? String(parts.length)}${many}`;
  const what = parts
    .map(
      (part) =>
        `${causeWord(part.cause)}（${part.heldBack === true ? '单看没有提示' : levelName(part.severity)}，${costs(part)}）`,
    )
    .join('、');
  const once =
    risk.notAdded.length === 0
      ? ''
      : '其中落在同一块地、同一栏牲畜、同一所房子上的，或者是同一笔花费的，只按大的算一次。';
  return `这户人家同时遇到${how}困难：${what}。${once}${jointText(risk, line)}因此合在一起提示为${levelName(risk.jointSeverity)}风险，请村里一次上门、一并核实；这只是线索，不是认定结果。`;
}

function costs(part: StandingAlert): string {
  const { loss, found } = part;
  const paid = found === undefined || found.paidFen === 0 ? '' : `自己已经花了${yuan(found.paidFen)}`;
  if (loss.middle === 0 || (paid !== '' && !found?.ofIncome)) return paid === '' ? '没有折算成钱' : paid;
  const takes = lossIsOf(part) === 'income' ? `少收入约${yuan(loss.middle)}` : `要花约${yuan(loss.middle)}`;
  return paid === '' ? takes : `${takes}，${paid}`;
}

const levelName = (severity: number): string => levelNames[severity as Level] ?? '无';
