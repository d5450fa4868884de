/** What a shock waits for, in words: an officer, or until what was said before it is read here. */
import type { WhyAsked } from '../fan-out/confirmation.rule.js';
import type { UnreadExposure } from '../fan-out/unread-exposure.js';
import type { AwaitsResponse } from './fan-out.response.js';

const ASKS: Readonly<Record<WhyAsked, readonly [code: string, text: (households: number | null) => string]>> = {
  'over-set-size': ['FAN_OUT.OVER_SET_SIZE', (n) => `${reach(n)}超过须经确认的户数，请县级核实后确认`],
  'reaches-more': ['FAN_OUT.REACHES_MORE', (n) => `${reach(n)}明显超出上次确认的范围，请县级重新确认`],
  'level-higher': [
    'FAN_OUT.LEVEL_HIGHER',
    (n) => `级别高于上次确认时的级别，${n === null ? '' : reach(n)}请县级重新确认`,
  ],
};

const reach = (households: number | null): string => (households === null ? '涉及的户数' : `可能涉及${households}户，`);

/** `households` null where the number is not the reader's to know (whole-shock.ts). */
export function awaitsOfficer(why: WhyAsked, households: number | null): AwaitsResponse {
  const [code, text] = ASKS[why];
  return { code, text: text(households), unread: null };
}

/** Null where it waits for no data. One cause that is not planned yet speaks for all. */
export function awaitsExposure(unread: readonly UnreadExposure[]): AwaitsResponse | null {
  if (unread.length === 0) return null;
  // Causes of one shock wait for the same messages.
  const most = Math.max(...unread.map(({ messages }) => messages));
  if (unread.some(({ behind }) => !behind))
    return {
      code: 'FAN_OUT.AWAITS_EXPOSURE',
      text: `登记和收入数据最多还有${most}条没有读入，读入后开始研判`,
      unread: most,
    };
  return {
    code: 'FAN_OUT.BEHIND_EXPOSURE',
    text: `已先按现有数据研判；${unreadText(most)}新读入的户将补充研判，完成后本次下发才办结`,
    unread: most,
  };
}

/** When all is read, the households that came late are still to be judged. */
const unreadText = (messages: number): string =>
  messages === 0 ? '' : `登记和收入数据最多还有${messages}条没有读入，`;
