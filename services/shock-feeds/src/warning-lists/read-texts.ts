/** Warning texts as they are posted: one, or `{texts:[…]}`; members beside those that are read are ignored. */
import { InvalidFields, type FieldProblem } from '@fangpin/domain-kit';
import { readCapTime } from '../cap/cap-time.js';
import { boundedKey, digestOf } from '../intake/received.js';
import { firstTime } from './chinese-time.js';
import { cleanText } from './clean-text.js';
import { isObject, type JsonObject } from './json-object.js';
import type { NoticeInHand } from './notice-in-hand.js';

const MAX_TEXTS = 500;
/** Real ones have some 100 to 1,500 characters. */
const MAX_TEXT = 10_000;

/** Refuses what holds no text, and names every bad field: `texts[2].text`. */
export function readTexts(body: unknown, readAt: Date): NoticeInHand[] {
  const { texts, prefix } = findTexts(body);
  if (texts.length > MAX_TEXTS)
    throw new InvalidFields([{ field: 'texts', value: texts.length, rule: `must hold at most ${MAX_TEXTS} texts` }]);
  const problems: FieldProblem[] = [];
  const notices = texts.flatMap((text, i) => {
    const path = prefix ? `texts[${i}]` : '';
    if (isObject(text)) return noticeOf(text, path, readAt, problems) ?? [];
    problems.push({ field: path, value: typeof text, rule: 'must be a JSON object' });
    return [];
  });
  if (problems.length > 0) throw new InvalidFields(problems);
  return notices;
}

function findTexts(body: unknown): { texts: readonly unknown[]; prefix: boolean } {
  if (Array.isArray(body)) return { texts: body, prefix: true };
  if (!isObject(body)) throw new InvalidFields([{ field: 'body', value: null, rule: 'must be a JSON object' }]);
  if (body['texts'] === undefined) return { texts: [body], prefix: false };
  if (Array.isArray(body['texts'])) return { texts: body['texts'], prefix: true };
  throw new InvalidFields([{ field: 'texts', value: typeof body['texts'], rule: 'must be a list of texts' }]);
}

function noticeOf(given: JsonObject, path: string, readAt: Date, problems: FieldProblem[]): NoticeInHand | undefined {
  const before = problems.length;
  const wrong = (name: string, rule: string, value: unknown = null): void => {
    problems.push({ field: path === '' ? name : `${path}.${name}`, value, rule });
  };
  const optional = (name: string, length: number): string => {
    const value = given[name];
    if (value === undefined || value === null) return '';
    if (typeof value !== 'string') wrong(name, 'must be a text', typeof value);
    else if (value.length > length) wrong(name, `must be at most ${length} characters`, value.length);
    return cleanText(value, length);
  };
  const text = optional('text', MAX_TEXT);
  if (text === '' && problems.length === before) wrong('text', 'must be a text that is not empty');
  const [id, issuer, title, adcode] = [
    optional('id', 200),
    optional('issuer', 200),
    optional('title', 2_000),
    optional('adcode', 15),
  ];
  if (adcode !== '' && !/^\d+$/.test(adcode)) wrong('adcode', 'must be a division code of digits', adcode);
  const stated = given['issued'] === undefined || given['issued'] === null ? 'issued_local' : 'issued';
  const time = optional(stated, 40);
  const issued = time === '' ? undefined : readIssued(time, readAt);
  if (time !== '' && issued === undefined) wrong(stated, 'must be a time such as 2024-09-05T08:17+08:00', time);
  if (problems.length > before) return undefined;
  const name = id === '' ? digestOf([issuer, title, text].map(withoutBlanks).join('\n')).toString('hex') : id;
  return {
    key: boundedKey(`text:${name}`),
    origin: 'text',
    notice: {
      id,
      issuer,
      title,
      text,
      ...(adcode === '' ? {} : { adcode }),
      ...(issued === undefined ? {} : { issued }),
    },
    problems: [],
  };
}

/** RFC 3339, also without seconds or without an offset (then Beijing time), also with slashes. */
function readIssued(text: string, readAt: Date): Date | undefined {
  const whole = text.replace(/^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d)(?!:)/, '$1:00');
  const time = readCapTime(whole)?.at;
  if (time !== undefined) return time;
  if (/[Zz]|[+-]\d\d:?\d\d$/.test(text)) return undefined;
  const local = firstTime(text, readAt);
  return local?.assumed.length === 0 ? local.at : undefined;
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '');
}
