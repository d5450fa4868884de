import type { Problem } from '../cap/cap-message.js';
import { clip } from '../intake/clip.js';

const NAMED = 20;
const NAME_LENGTH = 40;

/** One remark on many things: the first twenty by name, the others by number; nothing where there are none. */
export function namedProblem(code: string, text: string, things: readonly string[]): Problem[] {
  const names = [...new Set(things)];
  if (names.length === 0) return [];
  const named = names.slice(0, NAMED).map((name) => clip(name, NAME_LENGTH));
  const more = names.length > NAMED ? `等${names.length}个` : '';
  return [{ code, text: `${text}：${named.join('、')}${more}` }];
}
