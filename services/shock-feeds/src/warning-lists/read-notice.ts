/** Reads a notice of the weather service: what is issued, continued or lifted, at which level, when, by whom and where. */
import { findShockKind, levelNames } from '@fangpin/contracts';
import { COUNTRY, type RegionCode } from '@fangpin/domain-kit';
import { regionName } from '@fangpin/regions';
import { outermost } from '../cap/cap-area.rule.js';
import type { Problem } from '../cap/cap-message.js';
import { clip } from '../intake/clip.js';
import { firstPeriod, firstTime, TIME_WORDS, type WrittenPeriod, type WrittenTime } from './chinese-time.js';
import { codeOfNumber, issuingArea } from './issuing-area.js';
import { namedAreas } from './named-areas.rule.js';
import type { Notice, ReadWarning } from './notice.js';
import { splitNotice, type NoticePart } from './split-notice.js';

const OFFICE_END = new RegExp(`\\s*(?:${TIME_WORDS}|于|[，,【】]|联合|将|把|$)[\\s\\S]*$`);
const NAMED_WORDS = 20;

/** One warning per act and level, in the order of the text; none where nothing is issued or lifted. `readAt`: see chinese-time. */
export function readNotice(notice: Notice, readAt: Date): ReadWarning[] {
  const parts = splitNotice(plain(notice.title), plain(notice.text));
  const titled = splitNotice(plain(notice.title), '')[0];
  return parts.map((part) => readPart(part, { notice, readAt, titled, alone: parts.length === 1 }));
}

interface PartContext {
  readonly notice: Notice;
  readonly readAt: Date;
  readonly titled: NoticePart | undefined;
  readonly alone: boolean;
}

function readPart({ act, level: stated, words, wholeAct }: NoticePart, context: PartContext): ReadWarning {
  const { notice, readAt, titled, alone } = context;
  const { pictured } = notice;
  const text = words.join('，');
  const kind = act.kind ?? (alone ? (titled?.act.kind ?? pictured?.kind) : undefined);
  const level = stated || (alone ? titled?.level || pictured?.level : undefined) || 0;
  const own = officeOf(act.before);
  const office = own || notice.issuer || officeOf(titled?.act.before ?? '');
  const offices = [own, notice.issuer, officeOf(titled?.act.before ?? '')].filter((name) => name !== '');
  const issuing = issuingArea(offices, notice.adcode ?? codeOfNumber(notice.id));
  const period = firstPeriod(text, readAt) ?? firstPeriod(wholeAct, readAt);
  const time = sentOf(act.before, titled?.act.before ?? '', period, context);
  const area = areaOf(act.object, text, issuing.region);
  const lifted = act.type === 'lift' ? firstTime(act.object, time.sent ?? readAt) : undefined;
  const problems: Problem[] = [...issuing.problems, ...time.problems, ...area.problems];
  if (kind !== undefined && level === 0) problems.push({ code: 'WARNING.NO_LEVEL', text: '没有预警级别' });
  return {
    type: act.type,
    ...(kind === undefined ? {} : { kind }),
    level,
    office: clip(office, 200),
    ...(issuing.region === undefined ? {} : { issuer: issuing.region }),
    ...(time.sent === undefined ? {} : { sent: time.sent }),
    sentAssumed: time.assumed,
    ...(lifted === undefined || lifted.assumed.includes('hour') ? {} : { liftedIssue: lifted.at }),
    regions: area.regions,
    ...(period === undefined ? {} : { onset: period.from.at, expires: period.to }),
    headline: clip(alone && notice.title !== '' ? notice.title : headlineOf(office, act.type, kind, level), 500),
    problems,
  };
}

function areaOf(
  object: string,
  text: string,
  issuer: RegionCode | undefined,
): { regions: RegionCode[]; problems: Problem[] } {
  const within = issuer ?? COUNTRY;
  // 发布天津地区道路结冰黄色预警信号: the area may stand in the act itself.
  const [act, said] = [namedAreas(object, within), namedAreas(text, within)];
  const named = outermost([...act.regions, ...said.regions]);
  // 大理 in a notice of the province is the prefecture: no officer needs to be told so.
  const notes = [...act.notes, ...said.notes].filter(({ code }) => code !== 'PLACE.WIDER_TAKEN');
  const problems = joined(notes);
  const unresolved = [...new Set([...act.unresolved, ...said.unresolved])];
  if (unresolved.length > 0) {
    const listed = unresolved
      .slice(0, NAMED_WORDS)
      .map((words) => clip(words, 24))
      .join('、');
    problems.push({ code: 'AREA.PLACE_UNRESOLVED', text: `未能识别的地名：${listed}` });
  }
  if (named.length > 0) return { regions: named, problems };
  // Nobody warns the whole country without saying where.
  if (issuer === undefined || issuer === COUNTRY) return { regions: [], problems };
  return {
    regions: [issuer],
    problems:
      text === ''
        ? problems
        : [...problems, { code: 'AREA.OF_ISSUER', text: `没有写明区域，按发布单位所在的${regionName(issuer)}处理` }],
  };
}

/** One problem a code, however many places it speaks of. */
function joined(notes: readonly Problem[]): Problem[] {
  const texts = new Map<string, Set<string>>();
  for (const { code, text } of notes) texts.set(code, (texts.get(code) ?? new Set()).add(text));
  return [...texts].map(([code, all]) => ({ code, text: clip([...all].join('；'), 1_000) }));
}

/** The time of issue: as the words say in full, as stated beside them, as the number holds it, or as can be resolved. */
function sentOf(before: string, title: string, period: WrittenPeriod | undefined, { notice, readAt }: PartContext) {
  const written = firstTime(before, readAt);
  const titled = firstTime(title, readAt);
  const numbered = /_(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(notice.id);
  const inNumber =
    codeOfNumber(notice.id) === undefined || numbered === null
      ? undefined
      : firstTime(`${numbered[1]}-${numbered[2]}-${numbered[3]} ${numbered[4]}:${numbered[5]}:${numbered[6]}`, readAt);
  if (written?.assumed.length === 0) return { sent: written.at, assumed: false, problems: [] };
  if (notice.issued !== undefined) return { sent: notice.issued, assumed: false, problems: [] };
  for (const time of [inNumber, titled])
    if (time?.assumed.length === 0) return { sent: time.at, assumed: false, problems: [] };
  const resolved = written ?? titled;
  if (resolved !== undefined) return { sent: resolved.at, assumed: true, problems: [assumption(resolved)] };
  if (period === undefined) return { assumed: true, problems: [] };
  const text = '没有写明发布时间，按所述时段的开始处理';
  return { sent: period.from.at, assumed: true, problems: [{ code: 'WARNING.ISSUED_FROM_PERIOD', text }] };
}

function assumption({ assumed }: WrittenTime): Problem {
  const text = `发布时间没有写明${assumed.map((part) => (part === 'year' ? '年份' : '时刻')).join('和')}，按收到的时间推定`;
  return { code: 'WARNING.TIME_ASSUMED', text };
}

/** 天津市气象台于2018年01月21日22时28分 → 天津市气象台; of a longer sentence what follows its last comma. */
function officeOf(before: string): string {
  const last =
    before
      .replace(/[，,\s]+$/, '')
      .split(/[，,：:】]/)
      .at(-1) ?? '';
  return last.replace(OFFICE_END, '').replace(/^据?/, '').trim();
}

function headlineOf(office: string, type: ReadWarning['type'], kind: string | undefined, level: number): string {
  const name = kind === undefined ? '' : (findShockKind(kind)?.name ?? '');
  const colour = level === 0 ? '' : levelNames[level as keyof typeof levelNames];
  return `${office}${type === 'lift' ? '解除' : '发布'}${name}${colour}预警`;
}

/** Full-width digits and letters as ASCII; Ⅱ stays, since it is a letter of its own. */
function plain(text: string): string {
  return text.replace(/[０-９Ａ-Ｚａ-ｚ]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).trim();
}
