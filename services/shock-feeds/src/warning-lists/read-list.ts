/** The warning list of the weather service: `data.page.list` of alertid, issuetime, title, url, pic; other members are ignored. */
import { InvalidFields } from '@fangpin/domain-kit';
import type { Problem } from '../cap/cap-message.js';
import { boundedKey, digestOf } from '../intake/received.js';
import { firstTime } from './chinese-time.js';
import { cleanText } from './clean-text.js';
import { isObject, type JsonObject } from './json-object.js';
import type { NoticeInHand } from './notice-in-hand.js';
import { picturedWarning } from './pictured-warning.js';

export interface ReadList {
  readonly entries: number;
  readonly notices: readonly NoticeInHand[];
  /** Of the list as a whole: entries that are no objects, pages that are missing. */
  readonly problems: readonly Problem[];
  readonly unreadable: number;
}

/** A national list of a heavy-rain day holds some 1,300. */
const MAX_ENTRIES = 10_000;
const MAX_TITLE = 2_000;
const NAMED_ENTRIES = 20;

/** Refuses a body without a list, a list that is too long, and one of which no entry is an object; names the field. */
export function readList(body: unknown, readAt: Date): ReadList {
  const { list, field, page } = findList(body);
  if (list.length > MAX_ENTRIES)
    throw new InvalidFields([{ field, value: list.length, rule: `must hold at most ${MAX_ENTRIES} warnings` }]);
  const entries = list.flatMap((entry) => (isObject(entry) ? [entry] : []));
  if (list.length > 0 && entries.length === 0)
    throw new InvalidFields([{ field: `${field}[0]`, value: typeof list[0], rule: 'must be a JSON object' }]);
  const strangers = list.flatMap((entry, i) => (isObject(entry) ? [] : [i + 1]));
  const problems: Problem[] = [];
  if (strangers.length > 0) {
    const named = strangers.slice(0, NAMED_ENTRIES).join('、');
    problems.push({ code: 'LIST.ENTRY_UNREADABLE', text: `第${named}条不是预警，共${strangers.length}条未读` });
  }
  const count = page['count'];
  if (typeof count === 'number' && count > list.length)
    problems.push({ code: 'LIST.INCOMPLETE', text: `清单称共${count}条，收到${list.length}条` });
  return {
    entries: list.length,
    notices: entries.map((entry) => noticeOf(entry, readAt)),
    problems,
    unreadable: strangers.length,
  };
}

function findList(body: unknown): { list: readonly unknown[]; field: string; page: JsonObject } {
  if (!isObject(body)) throw new InvalidFields([{ field: 'body', value: null, rule: 'must be a JSON object' }]);
  const data = body['data'];
  const page = isObject(data) && isObject(data['page']) ? data['page'] : body;
  const list = page['list'];
  const field = page === body && 'list' in body ? 'list' : 'data.page.list';
  if (!Array.isArray(list))
    throw new InvalidFields([
      { field, value: list === undefined ? null : typeof list, rule: 'must be a list of warnings' },
    ]);
  return { list, field, page };
}

function noticeOf(entry: JsonObject, readAt: Date): NoticeInHand {
  const id = cleanText(entry['alertid'], 200);
  const title = cleanText(entry['title'], MAX_TITLE);
  const stated = cleanText(entry['issuetime'], 40);
  const issued = firstTime(stated, readAt);
  const usable = issued?.assumed.length === 0 ? issued.at : undefined;
  const key = id === '' ? `list-digest:${digestOf(`${title}\n${stated}`).toString('hex')}` : `list:${id}`;
  return {
    key: boundedKey(key),
    origin: 'list',
    notice: {
      id,
      issuer: '',
      title,
      text: '',
      ...(usable === undefined ? {} : { issued: usable }),
      pictured: picturedWarning(cleanText(entry['pic'], 500)),
    },
    problems: [
      ...(id === '' ? [{ code: 'LIST.NO_NUMBER', text: '没有预警编号（alertid），按标题和时间识别' }] : []),
      ...(usable === undefined ? [{ code: 'LIST.TIME_UNREADABLE', text: '发布时间（issuetime）无法识别' }] : []),
    ],
  };
}
