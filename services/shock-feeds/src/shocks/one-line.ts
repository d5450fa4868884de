/** Line breaks, tabs and blanks, also the wide ones of Chinese typing. */
const GAPS = /\s+/gu;
/** What nobody sees and what turns text around (bidirectional controls, zero-width characters, other controls). */
const UNSEEN = /[\p{Cc}\p{Cf}]/gu;

/**
 * A text of a sender as it may stand within one line: headlines and sources go into the one paragraph of every alert, where a line break would
 * tear it apart and U+202E turn what follows around.
 */
export function oneLine(text: string): string {
  return text.replace(GAPS, ' ').replace(UNSEEN, '').replace(GAPS, ' ').trim();
}
