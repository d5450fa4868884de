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
  const how = COUNTS[causes] ?? String(causes);
  const what = parts
    .map((part) => `${causeWord(part.cause)}（${levelName(part.severity)}，${costs(part)}）`)
    .join('、');
  const once = risk.notAdded.length === 0 ? '' : '其中落在同一块地、同一栏牲畜或者同一所房子上的，只按损失大的算一次。';
  return `这户人家同时遇到${how}种困难：${what}。${once}${jointText(causes, risk, line)}因此合在一起提示为${levelName(risk.jointSeverity)}风险，请村里一次上门、一并核实；这只是线索，不是认定结果。`;
}

function costs(part: StandingAlert): string {
  if (part.loss.middle === 0) return '没有折算成钱';
  return lossIsOf(part) === 'income' ? `少收入约${yuan(part.loss.middle)}` : `要花约${yuan(part.loss.middle)}`;
}

const levelName = (severity: number): string => levelNames[severity as Level] ?? '无';
