/** Of several info blocks, the one that names the shock: blocks differ in language, area or time. */
import type { CapInfo } from './cap-message.js';
import { warningLevel } from './level.rule.js';

/** Of the blocks that officers can read (Chinese; else those of the first block's language) the most serious, the first of equals. */
export function mainInfo(infos: readonly CapInfo[]): CapInfo | undefined {
  const chinese = infos.filter(({ language }) => /^zh/i.test(language));
  const readable = chinese.length > 0 ? chinese : infos.filter(({ language }) => language === infos[0]?.language);
  return readable.reduce<CapInfo | undefined>(
    (best, next) => (best === undefined || levelOf(next) > levelOf(best) ? next : best),
    undefined,
  );
}

function levelOf({ headline, event, severity }: CapInfo): number {
  return warningLevel([headline, event], severity);
}
