/**
 * A notice cut into the warnings that it holds: one per act (发布强对流黄色预警 … 继续联合发布地质灾害气象风险Ⅱ级预警), and one per
 * level where one act has several (橙色预警：六枝、盘州。黄色预警：威宁、普定).
 */
import { warningLevel } from '../cap/level.rule.js';
import { findAct, findNamed, withoutLifts, type WarningAct } from './warning-act.js';

export interface NoticePart {
  readonly act: WarningAct;
  readonly level: number;
  /** What is said under the act before any level, and under this level. */
  readonly words: readonly string[];
  /** What is said under the act in all. */
  readonly wholeAct: string;
}

interface OpenAct {
  readonly act: WarningAct;
  /** Said before any level was. */
  readonly common: string[];
  readonly parts: { readonly level: number; readonly words: string[] }[];
}

const SOURCE_LINE = /[（(][^（）()]*(?:信息|数据)来源[^（）()]*[）)]/g;
const SENTENCES = /[。；;！!\n]|(?<=[：:。；;\s]|^)(?=\d[.．、](?!\d))/;
const LEVEL_STATED = /[红橙黄蓝]色(?:预警|风险)|(?:等级|级别)[为是:：]?\s*(?:[ⅠⅡⅢⅣ]|I{1,3}|IV|[一二三四])级/;
const MAX_PARTS = 20;

/** Empty where neither title nor text says that anything is issued or lifted. */
export function splitNotice(title: string, text: string): NoticePart[] {
  const body = text.replace(SOURCE_LINE, '');
  const acts: OpenAct[] = [];
  const said = body.split(SENTENCES).filter((sentence) => sentence.trim() !== '');
  for (const sentence of said) {
    let rest = sentence;
    for (let act = findAct(rest); act !== undefined; act = findAct(rest)) {
      const current = acts.at(-1);
      if (acts.length === MAX_PARTS || !isNew(act, current?.act)) break;
      acts.push(open(act));
      rest = act.after;
    }
    const current = acts.at(-1);
    if (current !== undefined) say(current, rest);
  }
  if (acts.length === 0) {
    // The title alone says it, and the text where: or nobody says more than the name of a warning.
    const act = findAct(title) ?? findNamed(title) ?? findNamed(body);
    if (act === undefined) return [];
    const opened = open(act);
    for (const sentence of said) say(opened, sentence);
    acts.push(opened);
  }
  return acts.flatMap(({ act, common, parts }) => {
    const wholeAct = [...common, ...parts.flatMap(({ words }) => words)].join('，');
    if (parts.length === 0) return [{ act, level: act.level, words: common, wholeAct }];
    return parts.map(({ level, words }) => ({ act, level, words: [...common, ...words], wholeAct }));
  });
}

function open(act: WarningAct): OpenAct {
  return { act, common: [], parts: act.level === 0 ? [] : [{ level: act.level, words: [] }] };
}

/** 同时解除暴雨蓝色预警 beside a new one of the same kind says no more than that the new one takes its place. */
function isNew(act: WarningAct, current: WarningAct | undefined): boolean {
  if (current === undefined) return true;
  if (/^的/.test(act.object) || act.kind === undefined) return false;
  return act.kind !== current.kind || (act.type !== 'lift' && act.level !== 0 && act.level !== current.level);
}

function say({ common, parts }: OpenAct, sentence: string): void {
  for (const said of byLevel(sentence)) {
    const level = levelStated(said);
    if (level !== 0 && parts.at(-1)?.level !== level && parts.length < MAX_PARTS) parts.push({ level, words: [said] });
    else (parts.at(-1)?.words ?? common).push(said);
  }
}

/** 昭通北部可能性大（橙色预警），昭通南部可能性较大（黄色预警）: one piece a level, its areas before it, or after it where it comes first. */
function byLevel(sentence: string): string[] {
  const clauses = sentence.split(/(?<=[，,])/);
  const stating = clauses.filter((clause) => levelStated(clause) !== 0);
  if (new Set(stating.map(levelStated)).size < 2) return [sentence];
  const first = levelStated(clauses[0] ?? '') !== 0 && /^\s*(?:[ⅠⅡⅢⅣ一二三四]级|[红橙黄蓝]色)/.test(clauses[0] ?? '');
  const pieces: string[] = [];
  let open = false;
  for (const clause of clauses) {
    const states = levelStated(clause) !== 0;
    if (open && !(first && states)) pieces.push(`${pieces.pop() ?? ''}${clause}`);
    else pieces.push(clause);
    open = first || !states;
  }
  return pieces;
}

function levelStated(words: string): number {
  const stated = LEVEL_STATED.exec(withoutLifts(words));
  return stated === null ? 0 : warningLevel([stated[0]], '');
}
