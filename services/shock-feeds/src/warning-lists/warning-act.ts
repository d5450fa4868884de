/** The sentence by which an office issues, goes on with, changes or lifts a warning: 云南省气象台9月24日继续发布寒潮蓝色预警. */
import { kindByWords } from '../cap/event-kind.rule.js';
import { warningLevel } from '../cap/level.rule.js';

export interface WarningAct {
  readonly type: 'alert' | 'update' | 'lift';
  /** Kind of libs/contracts; absent where the words name none. */
  readonly kind?: string;
  /** 0 where the words state none. */
  readonly level: number;
  /** The words before the verb: office and time. */
  readonly before: string;
  /** The words between verb and 预警: area, kind, colour; of a lift also the time of the warning that it lifts. */
  readonly object: string;
  /** The words of the act itself, from the verb on. */
  readonly words: string;
  /** What follows. */
  readonly after: string;
}

const TAIL = '(?:预警|警报|预报)(?:信号|信息|预报|显示|等级)*(?:[[（(/][^\\])）。：，]{0,20}[\\])）]?)?';
const ISSUED = new RegExp(
  `((?:继续|升级|更新|变更|确认|降级|再次|重新|首次|联合|共同)*)(?:发布|签发|签发布)([^。；：，！]{0,60}?)${TAIL}`,
);
const CHANGED = new RegExp(
  `(?:将|把)([^。；：！]{0,60}?)(?:升级|升格|提升|变更|更改|调整|更新|降级|降低)[为至到]([^。；：，！]{0,40}?)${TAIL}`,
);
/** 变更发布大风蓝色预警信号为大风黄色预警信号: what stands after the act. */
const INTO = new RegExp(`^(?:升级|变更|更新|调整|降级)?[为成]([^。；：，！]{2,40}?)${TAIL}`);
const LIFTED = new RegExp(`(?:解除|撤销|取消)([^。；：，！]{0,60}?)${TAIL}`);
/** 永仁县暴雨红色预警信号: a heading without a verb. */
const NAMED = new RegExp(`([^。；：，！\\s]{2,40}?[红橙黄蓝]色)${TAIL}`);
const GOES_ON = /继续|升级|更新|变更|确认|降级|再次|重新/;

/** A text without the liftings in it: 发布暴雨黄色预警，同时解除暴雨蓝色预警 is about yellow. */
export function withoutLifts(text: string): string {
  return text.replace(new RegExp(LIFTED, 'g'), '');
}

/** The first act of a text. */
export function findAct(text: string): WarningAct | undefined {
  const lifted = LIFTED.exec(text);
  const changed = CHANGED.exec(text);
  const issued = ISSUED.exec(text);
  const first = [lifted, changed, issued]
    .filter((match) => match !== null)
    .reduce<RegExpExecArray | undefined>(
      (best, next) => (best === undefined || next.index < best.index ? next : best),
      undefined,
    );
  if (first === undefined) return undefined;
  if (first === changed) return act('update', text, first, first[2] ?? '', first[1] ?? '');
  if (first === lifted) return act('lift', text, first, first[1] ?? '');
  const object = first[2] ?? '';
  if (/^的?(?:关于)?(?:解除|撤销|取消)/.test(object)) return act('lift', text, first, object);
  const into = INTO.exec(text.slice(first.index + first[0].length));
  if (into !== null) {
    const later = act('update', text.slice(first.index + first[0].length), into, into[1] ?? '', object);
    return { ...later, before: text.slice(0, first.index) };
  }
  return act(GOES_ON.test(first[1] ?? '') ? 'update' : 'alert', text, first, object);
}

/** A warning that is only named, as some titles and first sentences do. */
export function findNamed(text: string): WarningAct | undefined {
  const match = NAMED.exec(text);
  return match === null ? undefined : act('alert', text, match, match[1] ?? '');
}

function act(type: WarningAct['type'], text: string, match: RegExpExecArray, object: string, earlier = ''): WarningAct {
  // 将暴雨橙色预警升级为红色预警: the kind stands with the earlier warning only.
  const kind = kindOf(object) ?? kindOf(earlier);
  // Times such as 20时 hold no level, but 一 to 四 of other words might: only colours and numerals before 级 count.
  const level = warningLevel([match[0].slice(Math.max(0, match[0].lastIndexOf(object)))], '');
  return {
    type,
    ...(kind === undefined ? {} : { kind }),
    level,
    before: text.slice(0, match.index),
    object,
    words: match[0],
    after: text.slice(match.index + match[0].length),
  };
}

/** Events that the weather service warns of and that harm neither crops nor homes; they are no reason to ask an officer. */
const OTHERS =
  /重污染|臭氧|空间天气|医疗气象|中暑|一氧化碳|呼吸道|肠道|心脑血管|脑卒中|停课|停工|海上风险|能见度|浓?浮[尘沉]|风切变|雪崩|连阴雨|农业气象/;

function kindOf(words: string): string | undefined {
  return kindByWords(words) ?? (OTHERS.test(words) ? 'other' : undefined);
}
