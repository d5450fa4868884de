/** What a village is asked, in the words that it reads. */
import { findShockKind, levelNames, type Level } from '@fangpin/contracts';
import { shanghaiDay } from '@fangpin/domain-kit';

export interface NoticeAskedAbout {
  readonly kind: string;
  /** 0 where none is stated. */
  readonly level: number;
  readonly onset: Date;
}

/** `7月18日暴雨红色预警`. */
export function noticeName({ kind, level, onset }: NoticeAskedAbout): string {
  const [, month, day] = shanghaiDay(onset).split('-').map(Number);
  const known = findShockKind(kind);
  const name = known === undefined || kind === 'other' ? '' : known.name;
  return `${month}月${day}日${name}${levelNames[level as Level] ?? ''}预警`;
}

/** The gravest notice is named, the earliest of equals; how many there are is told. */
export function questionText(notices: readonly NoticeAskedAbout[]): string {
  const [first] = [...notices].sort((a, b) => b.level - a.level || a.onset.getTime() - b.onset.getTime());
  if (first === undefined) return '请报本村是否受灾（未受灾也要报）';
  const about = notices.length === 1 ? noticeName(first) : `${noticeName(first)}等${notices.length}项预警`;
  return `${about}已结束，请报本村是否受灾（未受灾也要报）`;
}
