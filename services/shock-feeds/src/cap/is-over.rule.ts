/**
 * Whether a message says that the event is over: every block asks for `AllClear` (CAP 1.2 §3.2.2, responseType: "the
 * subject event no longer poses a threat"), or a Chinese headline lifts the warning (解除). Only of messages that refer to an
 * earlier one: without one there is nothing that they could end.
 */
import type { CapMessage } from './cap-message.js';

/** A headline that lifts one warning and issues another is no end: 解除暴雨橙色预警，发布暴雨红色预警. */
const LIFTS = /解除/;
const ISSUES = /发布(?!解除)|升级|变更|降级|继续/;

export function saysItIsOver({ infos, references, identifier, sender }: CapMessage): boolean {
  const earlier = references.filter((reference) => reference.identifier !== identifier || reference.sender !== sender);
  if (infos.length === 0 || earlier.length === 0) return false;
  return (
    infos.every(({ responseTypes }) => responseTypes?.includes('AllClear') === true) ||
    infos.some(({ headline }) => LIFTS.test(headline) && !ISSUES.test(headline))
  );
}
