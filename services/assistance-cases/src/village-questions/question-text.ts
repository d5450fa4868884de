/** What a village is asked, in the words that it reads. */
import { findShockKind, levelNames, type Level } from '@fangpin/contracts';
import { shanghaiDay } from '@fangpin/domain-kit';

export interface NoticeAskedAbout {
  readonly kind: string;
  /** 0 where none is stated. */
  readonly level: number;
  readonly onset: Date;
  /** A damage report of a wider area, not a notice that has ended. */
  readonly report: boolean;
}

/** `7月18日暴雨红色预警`; of a report, whose figures speak for themselves, `7月18日暴雨灾情报告`. */
function noticeName({ kind, level, onset, report }: NoticeAskedAbout): string {
  const [, month, day] = shanghaiDay(onset).split('-').map(Number);
  const known = findShockKind(kind);
  const name = known === undefined || kind === 'other' ? '' : known.name;
  return `${month}月${day}日${name}${report ? '灾情报告' : `${levelNames[level as Level] ?? ''}预警`}`;
}

/** Of notices and of reports the gravest is named, the earliest of equals; how many there are is told. */
export function questionText(asked: readonly NoticeAskedAbout[]): string {
  const reports = about(
    asked.filter(({ report }) => report),
    '灾情报告',
  );
  const notices = about(
    asked.filter(({ report }) => !report),
    '预警',
  );
  const because = [
    ...(reports === undefined ? [] : [`${reports}涉及本村所在地区`]),
    ...(notices === undefined ? [] : [`${notices}已结束`]),
  ];
  const figures = reports === undefined ? '' : '；受灾的，请一并报受灾、绝收面积和倒损房屋户数';
  return [...because, `请报本村是否受灾（未受灾也要报）${figures}`].join('，');
}

function about(asked: readonly NoticeAskedAbout[], what: string): string | undefined {
  const [first] = [...asked].sort((a, b) => b.level - a.level || a.onset.getTime() - b.onset.getTime());
  if (first === undefined) return undefined;
  return asked.length === 1 ? noticeName(first) : `${noticeName(first)}等${asked.length}项${what}`;
}
