/** What the picture beside a list entry says: `p0002003.png` is event 0002 at level 003 (as seen in the public list, 2026-09). */
import { kindByWords } from '../cap/event-kind.rule.js';
import type { Notice } from './notice.js';

/** Names of the pictures' events as the list shows them; the full table is not published. */
const EVENTS: Readonly<Record<string, string>> = {
  '0002': '暴雨',
  '0003': '高温',
  '0004': '寒潮',
  '0005': '大雾',
  '0007': '大风',
  '0011': '道路结冰',
  '0012': '雷电',
  '0015': '雷雨大风',
  '0021': '地质灾害',
  '0024': '山洪灾害',
};
const LEVELS: Readonly<Record<string, number>> = { '001': 4, '002': 3, '003': 2, '004': 1 };

export function picturedWarning(picture: string): NonNullable<Notice['pictured']> {
  const [, event = '', level = ''] = /p(\d{4})(\d{3})(?:\.|$)/.exec(picture) ?? [];
  const kind = kindByWords(EVENTS[event] ?? '');
  return { ...(kind === undefined ? {} : { kind }), level: LEVELS[level] ?? 0 };
}
