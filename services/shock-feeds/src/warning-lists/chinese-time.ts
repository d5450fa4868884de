/**
 * Times as Chinese notices write them, in Beijing time: 2018年2月23日15时20分, 8月16日20时, 2023-05-13 20:16. A notice often
 * leaves out the year, sometimes the hour: such a time is resolved against the moment at which it is read, and says so.
 */
export interface WrittenTime {
  readonly at: Date;
  /** What the words leave out: the year (or month), the hour; empty where they say all. */
  readonly assumed: readonly ('year' | 'hour')[];
}

/** From when to when a notice says that it holds, where it says so by the clock. */
export interface WrittenPeriod {
  readonly from: WrittenTime;
  readonly to: Date;
}

interface Parts {
  readonly year?: number;
  readonly month?: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute: number;
  readonly second: number;
}

const CHINESE =
  '(?:(?:(\\d{4})年)?(\\d{1,2})月)?(\\d{1,2})日\\s*(?:(\\d{1,2})[时点:](?:(\\d{1,2})分?(?:[:]?(\\d{1,2})秒?)?)?)?';
const NUMERIC = '(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})[T ]?(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2}))?';
/** Either form; the groups of the one that matched are filled. */
export const TIME_WORDS = `(?<!\\d)(?:${NUMERIC}|${CHINESE})`;
const FIRST = new RegExp(TIME_WORDS);
const PERIOD = new RegExp(`${TIME_WORDS}\\s*(?:至|到|[-~—－～])?\\s*${TIME_WORDS}`);
const GROUPS = 12;
const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;

/** The first time that a text writes, nothing where it writes none that exists (30 February). */
export function firstTime(text: string, readAt: Date): WrittenTime | undefined {
  const match = FIRST.exec(text);
  return match === null ? undefined : resolve(partsOf(match, 1), readAt);
}

/** The first period of a text, both ends with their hours. */
export function firstPeriod(text: string, readAt: Date): WrittenPeriod | undefined {
  const match = PERIOD.exec(text);
  if (match === null) return undefined;
  const [first, second] = [partsOf(match, 1), partsOf(match, 1 + GROUPS)];
  if (first.hour === undefined || second.hour === undefined) return undefined;
  const from = resolve(first, readAt);
  // The second time leaves out what the first has said, and lies after it.
  const to = from === undefined ? undefined : after(second, from.at);
  return from === undefined || to === undefined ? undefined : { from, to };
}

function partsOf(match: RegExpExecArray, start: number): Parts {
  const group = (at: number): number | undefined => {
    const text = match[start + at] ?? match[start + 6 + at];
    return text === undefined ? undefined : Number(text);
  };
  const [year, month, hour] = [group(0), group(1), group(3)];
  return {
    ...(year === undefined ? {} : { year }),
    ...(month === undefined ? {} : { month }),
    day: group(2) as number,
    ...(hour === undefined ? {} : { hour }),
    minute: group(4) ?? 0,
    second: group(5) ?? 0,
  };
}

function resolve(parts: Parts, readAt: Date): WrittenTime | undefined {
  const now = new Date(readAt.getTime() + BEIJING_MS);
  const assumed: ('year' | 'hour')[] = [];
  let [year, month] = [parts.year ?? now.getUTCFullYear(), parts.month ?? now.getUTCMonth() + 1];
  let at = instant(year, month, parts);
  if (parts.year === undefined) {
    assumed.push('year');
    // Notices are read after they are written: a day to come is one of the past year (or month).
    if (at === undefined || at.getTime() > readAt.getTime() + DAY_MS) {
      if (parts.month !== undefined) year -= 1;
      else [year, month] = month === 1 ? [year - 1, 12] : [year, month - 1];
      at = instant(year, month, parts);
    }
  }
  if (at === undefined) return undefined;
  if (parts.hour !== undefined) return { at, assumed };
  // As late in its day as can be, so that a notice that may still hold is not taken for one that is over.
  const dayEnd = at.getTime() + DAY_MS - 1_000;
  return { at: new Date(Math.max(at.getTime(), Math.min(dayEnd, readAt.getTime()))), assumed: [...assumed, 'hour'] };
}

function after(parts: Parts, from: Date): Date | undefined {
  const start = new Date(from.getTime() + BEIJING_MS);
  let [year, month] = [parts.year ?? start.getUTCFullYear(), parts.month ?? start.getUTCMonth() + 1];
  let at = instant(year, month, parts);
  if (at !== undefined && at <= from) {
    if (parts.month === undefined) [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
    else if (parts.year === undefined) year += 1;
    at = instant(year, month, parts);
  }
  return at !== undefined && at > from ? at : undefined;
}

function instant(year: number, month: number, { day, hour = 0, minute, second }: Parts): Date | undefined {
  // 20 to 24 o'clock: the end of the day is written as its 24th hour.
  if (hour > 24 || minute > 59 || second > 60 || month < 1 || month > 12 || day < 1) return undefined;
  const midnight = Date.UTC(year, month - 1, day);
  if (year < 1949 || new Date(midnight).getUTCDate() !== day) return undefined;
  return new Date(midnight + ((hour * 60 + minute) * 60 + second) * 1_000 - BEIJING_MS);
}
